import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { z } from 'zod'
import type { Configuration } from '../../configuration/schema.ts'
import { hashFile } from '../../storage/bytes.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, loadDeployment } from '../deployment.ts'

/** The options of a command that sends an upload. */
export const sendArgs = {
  wait: { type: 'string', valueHint: 'duration', default: '30s', description: 'How long to wait' },
  url: { type: 'string', valueHint: 'url', description: 'Where the API is (or UPLOAD_BRIDGE_URL)' },
} as const

/** `bridgectl uploads send`: sends a test upload all the way and compares its hash. */
export function sendUploadCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads send',
    changes: true,
    description: 'Send a file through the API and wait until it is delivered',
    examples: ['uploads send canary.txt', 'uploads send canary.txt --wait 5s --json'],
    args: {
      file: { type: 'positional', required: true, description: 'The file to send' },
      name: { type: 'string', valueHint: 'name', description: 'Its name; by default the file’s own' },
      ...sendArgs,
    },
    async run(args, { stdout }) {
      const sent = await sendUntilDelivered(context, args, args.file, args.name || basename(args.file))
      stdout(args.json ? `${JSON.stringify(sent)}\n` : `${sent.id} ${sent.sha256}\n`)
    },
  })
}

/** Sends a file and waits until it is delivered. Throws when it is not, or when its hash is another at the end. */
export async function sendUntilDelivered(
  context: ControlContext,
  args: { readonly config?: string | undefined; readonly wait: string; readonly url?: string | undefined },
  path: string,
  name: string,
): Promise<{ id: string; sha256: string; state: 'delivered' }> {
  const patience = durationOption('wait', args.wait)
  const { configuration } = await loadDeployment(context, args)
  const url = args.url || context.environment.UPLOAD_BRIDGE_URL || configuredUrl(configuration)
  const { apiKey } = configuration.bridgectl
  const expected = await hashFile(path)
  const api = { url, apiKey, userAgent: `bridgectl/${context.version}` }
  const id = await sendFile(api, path, name)
  const { state, sha256, reason } = await waitUntilDelivered(api, id, patience)
  if (sha256 !== expected) throw failure(`upload ${id} has SHA-256 ${sha256}, the file ${expected}`)
  if (state !== 'delivered') throw failure(`upload ${id} is ${state}, not delivered${reason ? `: ${reason}` : ''}`)
  return { id, sha256, state }
}

function configuredUrl({ api }: Configuration): string {
  if (api.port === 0) throw wrongUsage('the API’s port is not fixed: say --url URL or UPLOAD_BRIDGE_URL')
  return `${api.tls.certFile === undefined ? 'http' : 'https'}://${api.host === '0.0.0.0' ? '127.0.0.1' : api.host}:${api.port}`
}

const uploadSchema = z.object({
  id: z.string(),
  sha256: z.string().optional(),
  state: z.string(),
  reason: z.string().optional(),
})

/** An upload as the API describes it. */
type DescribedUpload = z.infer<typeof uploadSchema>

/** The address of the API and the key for it. */
interface Api {
  readonly url: string
  readonly apiKey: string | undefined
  /** Names us in the API's log. */
  readonly userAgent: string
}

/** Sends a file by tus like a client. Returns the upload's id. */
async function sendFile(api: Api, path: string, name: string): Promise<string> {
  const { size } = await stat(path)
  const location = await new Promise<string | null>((resolve, reject) => {
    const upload = new Upload(createReadStream(path), {
      endpoint: new URL('/files/', api.url).href,
      uploadSize: size,
      chunkSize: 8 * 1024 * 1024,
      metadata: { filename: name },
      headers: headersOf(api),
      retryDelays: [200, 1000, 3000],
      onSuccess: () => resolve(upload.url),
      onError: reject,
    })
    upload.start()
  })
  const id = location?.split('/').at(-1)
  if (id === undefined) throw failure('the API gave no address for the upload')
  return id
}

/** Asks the API until the upload is delivered or held, or until the timeout in milliseconds. */
async function waitUntilDelivered(api: Api, id: string, patience: number): Promise<DescribedUpload> {
  const deadline = Date.now() + patience
  for (;;) {
    const response = await fetch(new URL(`/uploads/${id}`, api.url), { headers: headersOf(api) })
    const upload = response.ok ? uploadSchema.parse(await response.json()) : undefined
    if (upload !== undefined && (upload.state !== 'pending' || Date.now() > deadline)) return upload
    if (Date.now() > deadline) throw failure(`the API answers ${response.status} for upload ${id}`)
    await wait(100)
  }
}

function headersOf({ apiKey, userAgent }: Api): Record<string, string> {
  return { 'User-Agent': userAgent, ...(apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }) }
}
