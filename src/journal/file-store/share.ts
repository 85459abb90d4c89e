import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'

const GROUP_WRITES = 0o020
const SET_GROUP = 0o2000

/**
 * Makes a folder and those above it. Where the group may write the folder that they are in, it may write them, too, and what is made in
 * them is the group's. Gives the first one that is new, if any. Throws what the disk says.
 */
export function makeFolder(folder: string): string | undefined {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return undefined
  const made: string[] = []
  for (let path = folder; path.length >= first.length; path = dirname(path)) made.unshift(path)
  for (const path of made) follow(path, ({ mode }) => (mode & 0o770) | 0o070 | SET_GROUP)
  return first
}

/** Gives a new file to the group that may write its folder, so that colleagues read it and write it. Elsewhere it stays as it is. */
export function shareFile<Path extends string>(path: Path): Path {
  follow(path, () => 0o660)
  return path
}

/** Follows the folder that something is in. What is not ours to give stays: its owner has shared it. */
function follow(path: string, modeLike: (parent: { readonly mode: number }) => number): void {
  try {
    const parent = statSync(dirname(path))
    if ((parent.mode & GROUP_WRITES) === 0) return
    // Others may write that folder: a link that one of them put there leads to no file of ours.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const own = fstatSync(file)
      if (own.gid !== parent.gid) fchownSync(file, -1, parent.gid)
      fchmodSync(file, modeLike(parent))
    } finally {
      closeSync(file)
    }
  } catch {
    // A file system without modes, or a group that we are not in: nobody is kept from recording.
  }
}

/** Flags to append to a file of a folder that others may write, too: never through a link that one of them put there. */
export const APPENDS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW

/** Flags to write over a part of such a file. */
export const WRITES_OVER = constants.O_RDWR | constants.O_NOFOLLOW

/** Whose a file or a folder is: `anna (uid 1001)`; nothing when that cannot be seen. */
export function nameOwner(path: string): string | undefined {
  const uid = statSync(path, { throwIfNoEntry: false })?.uid
  if (uid === undefined) return undefined
  const name = readAccounts()
    .find(line => line.split(':')[2] === String(uid))
    ?.split(':')[0]
  return name === undefined ? `uid ${uid}` : `${name} (uid ${uid})`
}

function readAccounts(): string[] {
  try {
    return readFileSync('/etc/passwd', 'utf8').split('\n')
  } catch {
    return []
  }
}
