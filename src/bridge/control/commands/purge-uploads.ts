import { readFile } from 'node:fs/promises'
import { countOf, formatByteSize } from '../../configuration/value-types.ts'
import { isUploadId, uploadsFolder } from '../../storage/layout.ts'
import { purgePartials } from '../../storage/purge-partials.ts'
import { wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, messageOf, openDeployment } from '../deployment.ts'

/** `bridgectl uploads purge`: needs no database and cannot touch acknowledged uploads. */
export function purgeUploadsCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads purge',
    changes: true,
    description: 'Delete partial uploads that nobody has written to for a while',
    examples: [
      'uploads purge --partial --older-than 24h --dry-run',
      'uploads purge --partial --older-than 24h',
      'uploads purge --partial --older-than 24h --only ids.txt',
    ],
    args: {
      partial: { type: 'boolean', required: true, description: 'Only partial uploads can be purged' },
      'older-than': { type: 'string', required: true, valueHint: 'duration', description: 'Time since the last byte' },
      only: { type: 'string', valueHint: 'file', description: 'No others than these ids, one a line; - reads stdin' },
      'dry-run': { type: 'boolean', description: 'Only say what would be deleted' },
    },
    async run(args, { stdout, stderr, now }) {
      const { storage } = await openDeployment(context, args)
      if (!args.partial) throw wrongUsage('only partial uploads can be purged: say --partial')
      const olderThan = durationOption('older-than', args['older-than'])
      const only = args.only === undefined ? undefined : await readIds(context, args.only)
      const dryRun = args['dry-run'] === true
      const request = { olderThan, only, dryRun, now: now() }
      const { purged, left } = await purgePartials(uploadsFolder(storage.path), request)
      const bytes = purged.reduce((sum, partial) => sum + partial.offset, 0)
      if (args.json) return stdout(`${JSON.stringify({ dryRun, count: purged.length, bytes, purged, left })}\n`)
      for (const { id, reason } of left) stderr(`bridgectl: ${id} stays: ${reason}\n`)
      const verb = dryRun ? 'would delete' : 'deleted'
      stdout(`${verb} ${countOf(purged.length, 'partial upload')}, ${formatByteSize(bytes)}\n`)
    },
  })
}

async function readIds({ stdin }: ControlContext, file: string): Promise<readonly string[]> {
  const lines = (await readText(file, stdin)).split('\n').map(line => line.trim())
  for (const [index, line] of lines.entries()) {
    if (line !== '' && !isUploadId(line))
      throw wrongUsage(`--only ${file}, line ${index + 1}: "${line.slice(0, 80)}" is not the id of an upload`)
  }
  return lines.filter(line => line !== '')
}

async function readText(file: string, stdin: ControlContext['stdin']): Promise<string> {
  try {
    return file === '-' ? await stdin() : await readFile(file, 'utf8')
  } catch (error) {
    throw wrongUsage(`--only ${file} cannot be read: ${messageOf(error)}`)
  }
}
