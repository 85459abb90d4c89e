import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { giveToFolderOwner } from './ownership.ts'
import type { Account } from './service-account.ts'

/**
 * Makes a folder of the deployment, with those above it that are missing: each belongs to the owner of the one that it stands in. What
 * would be root's alone goes to the account of the service, where that is known, with a way for it to get there.
 */
export function makeFolder(path: string, mode = 0o777, account?: Account): void {
  const first = mkdirSync(resolve(path), { recursive: true, mode })
  if (first === undefined) return
  const made = [resolve(path)]
  while (made[0] !== undefined && made[0] !== first) made.unshift(dirname(made[0]))
  for (const folder of made) giveToFolderOwner(folder)
  const { uid, gid } = statSync(resolve(path))
  if (account === undefined || uid !== 0 || gid !== 0) return
  for (const folder of made.slice(0, -1)) chmodSync(folder, 0o755)
  chownSync(resolve(path), account.uid, account.gid)
}
