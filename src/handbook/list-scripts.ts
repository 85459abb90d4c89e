import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook } from '../environments/index.ts'

/** Where the scripts lie that pages show in full. */
export const SCRIPTS = 'scripts/procedures'

/** The scripts of a handbook, relative to its root, sorted. */
export async function listScripts({ root }: Pick<Handbook, 'root'>): Promise<readonly string[]> {
  const entries = await readdir(join(root, SCRIPTS), { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile())
    .map(({ name }) => `${SCRIPTS}/${name}`)
    .sort()
}
