import { LabError } from '../../lab-port/index.ts'

/** Sends one file as a customer does, and returns its id once it is acknowledged. */
export async function sendUpload(url: string, name: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal) {
  const body = new FormData()
  body.set('file', new Blob([bytes]), name)
  const response = await fetch(`${url}/uploads`, { method: 'POST', body, signal })
  const answer: unknown = await response.json()
  if (response.status === 201 && typeof answer === 'object' && answer !== null && 'id' in answer)
    return String(answer.id)
  throw new LabError('part-failed', `the service answered ${response.status} to a client that sent an upload`)
}

/** The state of an upload, as its sender is told. */
export async function readUploadState(url: string, id: string, signal: AbortSignal): Promise<string> {
  const answer: unknown = await (await fetch(`${url}/uploads/${id}`, { signal })).json()
  return typeof answer === 'object' && answer !== null && 'state' in answer ? String(answer.state) : 'unknown'
}
