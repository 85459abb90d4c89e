import { LabError } from '../../lab-port/index.ts'
import { type Customer, callService } from '../customer/call-service.ts'

/** The service refused an upload of a customer. */
export class Refusal extends LabError {
  readonly status: number
  readonly body: string

  constructor(status: number, body: string) {
    super('part-failed', `the service answered ${status} to a client that sent an upload`)
    this.status = status
    this.body = body
  }
}

/** Sends one file as a customer does, and returns its id once it is acknowledged. Throws a `Refusal` otherwise. */
export async function sendUpload(
  customer: Customer,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<string> {
  const body = new FormData()
  body.set('file', new Blob([bytes]), name)
  const { status, text } = await callService(customer, '/uploads', { method: 'POST', body, signal })
  const { id }: { id?: unknown } = status === 201 ? JSON.parse(text) : {}
  if (id !== undefined) return String(id)
  throw new Refusal(status, text)
}

/** The state of an upload, as its sender is told. */
export async function readUploadState(customer: Customer, id: string, signal: AbortSignal): Promise<string> {
  const { status, text } = await callService(customer, `/uploads/${id}`, { signal })
  const { state }: { state?: unknown } = status === 200 ? JSON.parse(text) : {}
  return state === undefined ? 'unknown' : String(state)
}
