import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { giveToFolderOwner } from './ownership.ts'

/** Makes a folder of the deployment, with those above it that are missing: each belongs to the owner of the one that it stands in. */
export function makeFolder(path: string, mode = 0o777): void {
  const first = mkdirSync(resolve(path), { recursive: true, mode })
  if (first === undefined) return
  const made = [resolve(path)]
  while (made[0] !== undefined && made[0] !== first) made.unshift(dirname(made[0]))
  for (const folder of made) giveToFolderOwner(folder)
}
