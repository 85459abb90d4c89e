import {
  chmodSync,
  chownSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Configuration } from '../configuration/schema.ts'
import { errorCode } from './error-code.ts'

/** The owner that a file must have, so that everybody who could read it before still can. */
interface Ownership {
  readonly uid: number
  readonly gid: number
  /** The mode of an existing file. A new file keeps the mode that it was made with. */
  readonly mode?: number
  /** Additional permissions for the group, in a folder that root shares with it. */
  readonly groupMode: number
}

/** A file was not written, because it would have got another owner and its readers could no longer read it. */
export class OwnershipError extends Error {
  readonly uid: number

  constructor(path: string, uid: number) {
    super(`${path} would not belong to the account any more that needs it; nothing was changed`)
    this.name = 'OwnershipError'
    this.uid = uid
  }
}

/**
 * The owner that a file must have: its present owner or, for a new file, the owner of its folder. If only root could read it, it goes to
 * the service's account when that is known.
 */
export function ownershipFor(path: string, account?: Account): Ownership {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file !== undefined) {
    const mode = file.mode & 0o7777
    if (account !== undefined && file.uid === 0 && (mode & 0o044) === 0) return { ...account, mode, groupMode: 0 }
    return { uid: file.uid, gid: file.gid, mode, groupMode: 0 }
  }
  const { uid, gid, mode } = statSync(dirname(path))
  const isShared = uid === 0 && gid !== 0
  if (account !== undefined && uid === 0 && !isShared) return { ...account, groupMode: 0 }
  return { uid, gid, groupMode: isShared ? (mode & 0o020 ? 0o060 : 0o040) : 0 }
}

/** Gives an open file to its wanted owner. Throws an OwnershipError when its readers could no longer read it. */
export function giveOwnership(descriptor: number, path: string, wanted: Ownership): void {
  const { uid, gid } = fstatSync(descriptor)
  const isOwn = uid === wanted.uid
  if (!(isOwn && gid === wanted.gid) && !attempt(() => fchownSync(descriptor, wanted.uid, wanted.gid))) {
    const isNew = wanted.mode === undefined
    // A file that only its owner reads needs no group. A folder of root does not say which account the service has.
    if (!(isOwn && (isNew || (wanted.mode & 0o070) === 0)) && !(isNew && wanted.uid === 0)) {
      throw new OwnershipError(path, wanted.uid)
    }
    attempt(() => fchownSync(descriptor, uid, wanted.gid))
  }
  const given = fstatSync(descriptor)
  const mode = given.mode & 0o7777
  const wantedMode = wanted.mode ?? (given.gid === wanted.gid ? mode | wanted.groupMode : mode)
  if (mode !== wantedMode) fchmodSync(descriptor, wantedMode)
}

/** Gives a new file or folder to the owner of its folder, if this process may do so. Root may. */
export function giveToFolderOwner(path: string): void {
  const { uid, gid } = statSync(dirname(path))
  const made = lstatSync(path)
  if (made.uid !== uid || made.gid !== gid) attempt(() => lchownSync(path, uid, gid))
}

// In a user namespace, an unknown account gives EINVAL.
function attempt(change: () => void): boolean {
  try {
    change()
    return true
  } catch (error) {
    if (!['EPERM', 'EINVAL'].includes(errorCode(error) ?? '')) throw error
    return false
  }
}

/** An account that can own a file. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * The account that the service runs as: the owner of its state folder or of its storage, whichever is not root's. Undefined when both are
 * root's, or when this process is not root and so could not give files to another account.
 */
export function findServiceAccount({ state, storage }: Pick<Configuration, 'state' | 'storage'>): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const { path } of [state, storage]) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found !== undefined && found.uid !== 0) return { uid: found.uid, gid: found.gid }
  }
  return undefined
}

/**
 * Makes a folder of the deployment and its missing parents. Each new folder gets the owner of its parent. If only root could use it, it
 * goes to the service's account when that is known, and the account can reach it.
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
