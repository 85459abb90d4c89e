import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HANDBOOK_FILE } from '../environments/index.ts'

/** The nearest folder at or above `cwd` that has a `handbook.yaml`. */
export async function findHandbookRoot(cwd: string): Promise<string | undefined> {
  const names = await readdir(cwd).catch((): string[] => [])
  if (names.includes(HANDBOOK_FILE)) return cwd
  const above = dirname(cwd)
  return above === cwd ? undefined : findHandbookRoot(above)
}
