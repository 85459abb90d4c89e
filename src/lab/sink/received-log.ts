import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** An upload that arrived downstream. */
export interface ReceivedUpload {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly sha256: string
}

/** What arrived, a JSON line each, so that it outlives a kill. */
export interface ReceivedLog {
  list(): readonly ReceivedUpload[]
  /** Remembers an upload once; gives what is remembered under its id. */
  add(upload: ReceivedUpload): Promise<ReceivedUpload>
}

/** Opens the list of what arrived; a last line that a kill cut short is dropped, for its sender got no answer. */
export async function openReceivedLog(path: string): Promise<ReceivedLog> {
  await mkdir(dirname(path), { recursive: true })
  const text = await readFile(path, 'utf8').catch(() => '')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole !== text) await writeFile(path, whole)
  const received = new Map<string, ReceivedUpload>()
  for (const line of whole.split('\n').filter(Boolean)) {
    const upload: ReceivedUpload = JSON.parse(line)
    received.set(upload.id, upload)
  }
  let written = Promise.resolve()
  return {
    list: () => [...received.values()],
    async add(upload) {
      const known = received.get(upload.id)
      if (!known) {
        received.set(upload.id, upload)
        written = written.then(() => appendFile(path, `${JSON.stringify(upload)}\n`))
      }
      await written
      return known ?? upload
    },
  }
}
