import { formatByteSize } from '../../configuration/units.ts'
import { uploadsFolder } from '../../storage/layout.ts'
import { purgePartials } from '../../storage/remove-and-seal.ts'
import type { ControlContext } from '../context.ts'
import { wrongUsage } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment } from '../deployment.ts'
import { durationOption } from '../parse-options.ts'

/** `bridgectl uploads purge`: needs no database, and can touch nothing that was acknowledged. */
export function purgeUploadsCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads purge',
    changes: true,
    description: 'Delete partial uploads that nobody has written to for a while',
    examples: ['uploads purge --partial --older-than 24h --dry-run', 'uploads purge --partial --older-than 24h'],
    args: {
      partial: { type: 'boolean', required: true, description: 'Only partial uploads can be purged' },
      'older-than': { type: 'string', required: true, valueHint: 'duration', description: 'Time since the last byte' },
      'dry-run': { type: 'boolean', description: 'Only say what would be deleted' },
    },
    async run(args, { stdout, now }) {
      const { storage } = await openDeployment(context, args)
      if (!args.partial) throw wrongUsage('only partial uploads can be purged: say --partial')
      const olderThan = durationOption('older-than', args['older-than'])
      const dryRun = args['dry-run'] === true
      const purged = await purgePartials(uploadsFolder(storage.path), { olderThan, dryRun, now: now() })
      const bytes = purged.reduce((sum, partial) => sum + partial.offset, 0)
      if (args.json) return stdout(`${JSON.stringify({ dryRun, count: purged.length, bytes, purged })}\n`)
      const verb = dryRun ? 'would delete' : 'deleted'
      stdout(`${verb} ${purged.length} partial upload${purged.length === 1 ? '' : 's'}, ${formatByteSize(bytes)}\n`)
    },
  })
}
