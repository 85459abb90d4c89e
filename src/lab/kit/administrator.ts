import { readFile } from 'node:fs/promises'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

/** The URL of the database's administrator. Throws `LabError` in a lab whose service is its own administrator. */
export async function readAdministrator({ administratorFile }: Deployment): Promise<string> {
  const url = await readFile(administratorFile, 'utf8').catch(() => undefined)
  if (url !== undefined) return url.trim()
  throw new LabError('cannot-break', 'the database of this lab has no administrator: handbook lab up, as shipped')
}
