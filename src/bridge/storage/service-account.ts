import { statSync } from 'node:fs'

/** An account, to which a file is given. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** As whom the service runs: the owner of the first of its folders that is not root's. Undefined when nothing says so, or nobody but root could give it files. */
export function findServiceAccount(folders: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const folder of folders) {
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found !== undefined && found.uid !== 0) return { uid: found.uid, gid: found.gid }
  }
  return undefined
}
