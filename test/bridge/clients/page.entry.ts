// A page that uploads, as an application's would: what a test says in Chromium is `uploads.tus({ … })`.
import Uppy from '@uppy/core'
import UppyTus from '@uppy/tus'
import * as tus4 from 'tus-js-client'
import * as tus3 from 'tus-js-client-3'

/** What the page is told to upload. The same seed gives the same file, also after a reload. */
export interface PageUpload {
  readonly endpoint: string
  readonly client: 'tus-js-client 3' | 'tus-js-client 4'
  readonly size: number
  readonly seed: number
  readonly name: string
  readonly chunkSize: number
  readonly retryDelays: number[]
}

/** What became of it. `from` is where it went on. */
export interface PageResult {
  readonly url: string | null
  readonly from: number
  readonly sha256: string
}

const uploads = {
  /** Bytes that the service has taken of the upload under way. */
  accepted: 0,

  async tus({ client, endpoint, chunkSize, retryDelays, ...wanted }: PageUpload): Promise<PageResult> {
    const file = makeFile(wanted)
    const { Upload } = client === 'tus-js-client 3' ? tus3 : tus4
    let from = -1
    const url = await new Promise<string | null>((resolve, reject) => {
      const upload = new Upload(file, {
        endpoint,
        chunkSize,
        retryDelays,
        metadata: { filename: file.name, filetype: 'text/plain' },
        onError: reject,
        onSuccess: () => resolve(upload.url),
        onProgress(sent) {
          if (from < 0) from = sent
        },
        onChunkComplete(_size, accepted) {
          uploads.accepted = accepted
        },
      })
      void upload.findPreviousUploads().then(([previous]) => {
        // Each client takes what it found itself; the compiler cannot know which of the two this is.
        if (previous) upload.resumeFromPreviousUpload(previous as tus3.PreviousUpload & tus4.PreviousUpload)
        upload.start()
      })
    })
    return { url, from, sha256: await hash(file) }
  },

  /** Uploads with Uppy, and pauses it once in the middle. */
  async uppy({ endpoint, chunkSize, retryDelays, ...wanted }: Omit<PageUpload, 'client'>): Promise<PageResult> {
    const file = makeFile(wanted)
    const uppy = new Uppy().use(UppyTus, { endpoint, chunkSize, retryDelays })
    let from = -1
    uppy.on('upload-progress', (_file, { bytesUploaded, bytesTotal }) => {
      if (from >= 0 || bytesUploaded === 0 || bytesUploaded === bytesTotal) return
      from = bytesUploaded
      uppy.pauseAll()
      setTimeout(() => uppy.resumeAll(), 200)
    })
    uppy.addFile({ name: file.name, type: file.type, data: file })
    const { successful = [], failed = [] } = (await uppy.upload()) ?? {}
    if (failed.length > 0) throw new Error(`${failed[0]?.error}`)
    return { url: successful[0]?.uploadURL ?? null, from, sha256: await hash(file) }
  },
}

/** What a test calls on this page. */
export type PageUploads = typeof uploads

Object.assign(globalThis, { uploads })

function makeFile({ size, seed, name }: Pick<PageUpload, 'size' | 'seed' | 'name'>): File {
  let state = seed
  const words = Uint32Array.from({ length: size / 4 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  })
  return new File([words], name, { type: 'text/plain', lastModified: 0 })
}

async function hash(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
}
