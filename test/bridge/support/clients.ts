import { createHash, randomFillSync } from 'node:crypto'
import { Upload, type UploadOptions } from 'tus-js-client'
import { z } from 'zod'
import { until } from './until.ts'

/** Bytes and their hash. */
export interface Sample {
  readonly bytes: Buffer<ArrayBuffer>
  readonly sha256: string
}

/** Makes random bytes. */
export function sample(size: number): Sample {
  const bytes = Buffer.alloc(size)
  randomFillSync(bytes)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Sends bytes with tus-js-client; resolves with the upload's id. */
export async function sendByTus(
  url: string,
  bytes: Buffer<ArrayBuffer>,
  options: Partial<UploadOptions> & { readonly onStart?: (upload: Upload) => void } = {},
): Promise<string> {
  const { onStart, ...rest } = options
  return new Promise((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: new URL('/files/', url).href,
      chunkSize: 5_000_000,
      retryDelays: [],
      metadata: { filename: 'sample.bin' },
      ...rest,
      onSuccess: () => resolve(idOf(upload.url)),
      onError: reject,
    })
    onStart?.(upload)
    upload.start()
  })
}

/** Creates a tus upload without sending bytes; resolves with its id. */
export async function createByTus(url: string, size: number, name = 'partial.bin'): Promise<string> {
  const response = await fetch(new URL('/files/', url), {
    method: 'POST',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': `${size}`,
      'Upload-Metadata': `filename ${Buffer.from(name).toString('base64')}`,
    },
  })
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
  return idOf(response.headers.get('Location'))
}

/** Sends one PATCH request. */
export async function patchByTus(
  url: string,
  id: string,
  offset: number,
  bytes: Buffer<ArrayBuffer>,
): Promise<Response> {
  return fetch(new URL(`/files/${id}`, url), {
    method: 'PATCH',
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': `${offset}`,
      'Content-Type': 'application/offset+octet-stream',
    },
    body: bytes,
  })
}

/** A request whose body is written bit by bit. */
export type StreamingRequest = RequestInit & { readonly duplex: 'half' }

/** Asks for the offset of an upload. */
export async function headByTus(url: string, id: string): Promise<Response> {
  return fetch(new URL(`/files/${id}`, url), { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } })
}

/** Sends bytes as a form. */
export async function sendByForm(url: string, bytes: Buffer<ArrayBuffer>, name = 'form.bin'): Promise<Response> {
  const form = new FormData()
  form.append('file', new Blob([bytes]), name)
  return fetch(new URL('/uploads', url), { method: 'POST', body: form })
}

const described = z.object({
  id: z.string(),
  name: z.string(),
  size: z.number().optional(),
  offset: z.number().optional(),
  sha256: z.string().optional(),
  state: z.string().optional(),
  reason: z.string().optional(),
})

/** Reads an upload's description from a response. */
export async function readUpload(response: Response): Promise<z.infer<typeof described>> {
  return described.parse(await response.json())
}

/** Asks the API where an upload stands. */
export async function getUpload(url: string, id: string): Promise<z.infer<typeof described>> {
  return readUpload(await fetch(new URL(`/uploads/${id}`, url)))
}

/** Waits until the API says that an upload is in a state. */
export async function untilState(url: string, id: string, state: string): Promise<void> {
  await until(`upload ${id} is ${state}`, async () => (await getUpload(url, id)).state === state)
}

const problem = z.object({ code: z.string(), status: z.number(), title: z.string(), detail: z.string().optional() })

/** Reads a problem from a response, which must be one. */
export async function readProblem(response: Response): Promise<z.infer<typeof problem>> {
  const type = response.headers.get('Content-Type')
  if (!type?.startsWith('application/problem+json')) throw new Error(`${response.status} is ${type}`)
  return problem.parse(await response.json())
}

function idOf(location: string | null): string {
  const id = location?.split('/').at(-1)
  if (!id) throw new Error(`no id in ${location}`)
  return id
}
