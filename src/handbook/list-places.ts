import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Handbook, HandbookFile } from '../environments/index.ts'
import { HANDBOOK_FILE } from '../environments/pure.ts'
import { READINESS_FOLDER } from './read-readiness.ts'

/** The files and folders of a handbook, relative to its root; only `handbook.yaml` when that cannot be read. */
export function listPlaces(file: HandbookFile | undefined): readonly string[] {
  if (!file) return [HANDBOOK_FILE]
  const { pages, rules, proofs, readiness } = file
  return [HANDBOOK_FILE, SCRIPTS, READINESS_FOLDER, proofs, ...pages, ...rules, ...(readiness ? [readiness] : [])]
}

/** The folder of the scripts that pages show in full. */
const SCRIPTS = 'scripts/procedures'

/** The scripts of a handbook, relative to its root, sorted. */
export async function listScripts({ root }: Pick<Handbook, 'root'>): Promise<readonly string[]> {
  const entries = await readdir(join(root, SCRIPTS), { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile())
    .map(({ name }) => `${SCRIPTS}/${name}`)
    .sort()
}
