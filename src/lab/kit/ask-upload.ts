import { LabError } from '../../lab-port/index.ts'
import { callService } from '../customer/call-service.ts'
import type { Deployment } from './fault.ts'

/** The state of an upload, or `gone`. Throws `LabError` when the service does not say: then nobody knows whether it was cured. */
export async function askUpload({ customer, signal }: Deployment, id: string): Promise<string> {
  const { status, text } = await callService(customer, `/uploads/${id}`, { signal })
  if (status === 404 || status === 410) return 'gone'
  if (status === 200) return String(JSON.parse(text).state)
  throw new LabError('part-failed', `the service answers ${status} to who asks for an upload`)
}
