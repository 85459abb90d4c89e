import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { z } from 'zod'
import { failure } from './control-error.ts'

const uploadSchema = z.object({
  id: z.string(),
  sha256: z.string().optional(),
  state: z.string(),
  reason: z.string().optional(),
})

/** An upload as the API describes it. */
export type DescribedUpload = z.infer<typeof uploadSchema>

/** Where the API is, and the key that it wants. */
export interface Api {
  readonly url: string
  readonly apiKey: string | undefined
}

/** Sends a file by tus, as a client would; returns its id. */
export async function sendFile(api: Api, path: string, name: string): Promise<string> {
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
  if (id === undefined) throw failure('the API told no address for the upload')
  return id
}

/** Asks the API until the upload is delivered or held, or the time in milliseconds is over. */
export async function waitUntilDelivered(api: Api, id: string, patience: number): Promise<DescribedUpload> {
  const deadline = Date.now() + patience
  for (;;) {
    const response = await fetch(new URL(`/uploads/${id}`, api.url), { headers: headersOf(api) })
    const upload = response.ok ? uploadSchema.parse(await response.json()) : undefined
    if (upload !== undefined && (upload.state !== 'pending' || Date.now() > deadline)) return upload
    if (Date.now() > deadline) throw failure(`the API answers ${response.status} for upload ${id}`)
    await wait(100)
  }
}

function headersOf({ apiKey }: Api): Record<string, string> {
  return apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` }
}
