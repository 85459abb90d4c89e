import { basename } from 'node:path'
import type { Configuration } from '../../configuration/schema.ts'
import { hashFile } from '../../storage/bytes.ts'
import type { ControlContext } from '../context.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { loadDeployment } from '../deployment.ts'
import { durationOption } from '../parse-options.ts'
import { sendFile, waitUntilDelivered } from '../send-file.ts'

/** `bridgectl uploads send`: a canary that goes all the way, and is compared by its hash. */
export function sendUploadCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads send',
    changes: true,
    description: 'Send a file through the API and wait until it is delivered',
    examples: ['uploads send canary.txt', 'uploads send canary.txt --wait 5s --json'],
    args: {
      file: { type: 'positional', required: true, description: 'The file to send' },
      name: { type: 'string', valueHint: 'name', description: 'Its name; by default the file’s own' },
      wait: { type: 'string', valueHint: 'duration', default: '30s', description: 'How long to wait' },
      url: { type: 'string', valueHint: 'url', description: 'Where the API is (or UPLOAD_BRIDGE_URL)' },
    },
    async run(args, { stdout }) {
      const patience = durationOption('wait', args.wait)
      const { configuration } = await loadDeployment(context, args)
      const url = args.url || context.environment.UPLOAD_BRIDGE_URL || configuredUrl(configuration)
      const { apiKey } = configuration.bridgectl
      const expected = await hashFile(args.file)
      const id = await sendFile({ url, apiKey }, args.file, args.name || basename(args.file))
      const { state, sha256, reason } = await waitUntilDelivered({ url, apiKey }, id, patience)
      if (sha256 !== expected) throw failure(`upload ${id} has SHA-256 ${sha256}, the file ${expected}`)
      if (state !== 'delivered') throw failure(`upload ${id} is ${state}, not delivered${reason ? `: ${reason}` : ''}`)
      stdout(args.json ? `${JSON.stringify({ id, sha256, state })}\n` : `${id} ${sha256}\n`)
    },
  })
}

function configuredUrl({ api }: Configuration): string {
  if (api.port === 0) throw wrongUsage('the API’s port is not fixed: say --url URL or UPLOAD_BRIDGE_URL')
  return `${api.tls.certFile === undefined ? 'http' : 'https'}://${api.host === '0.0.0.0' ? '127.0.0.1' : api.host}:${api.port}`
}
