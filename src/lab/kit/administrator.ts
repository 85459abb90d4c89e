import { readFile } from 'node:fs/promises'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

/** The URL of the database's administrator. Throws `LabError` in a lab whose service is its own administrator. */
export async function readAdministrator({ administratorFile, databaseUrl }: Deployment): Promise<string> {
  const url = await readFile(administratorFile, 'utf8').catch(() => undefined)
  if (url !== undefined && new URL(url.trim()).username !== new URL(databaseUrl).username) return url.trim()
  throw new LabError(
    'cannot-break',
    'the service of this lab is its own database administrator: handbook lab up, as shipped',
  )
}
