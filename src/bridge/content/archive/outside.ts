import { posix } from 'node:path'
import { ArchiveRefusedError } from './tally.ts'

/** Refuses an entry whose name leaves the folder into which the archive is unpacked. */
export function refuseOutside(name: string): void {
  if (leaves(name)) throw new ArchiveRefusedError(`its entry ${printable(name)} leaves its folder`)
}

/** Refuses a link that leads out of that folder. */
export function refuseLinkOutside(name: string, target: string): void {
  if (leaves(target) && (isAbsolute(target) || leaves(posix.join(posix.dirname(plain(name)), plain(target)))))
    throw new ArchiveRefusedError(`its link ${printable(name)} leads to ${printable(target)}, out of its folder`)
}

function leaves(name: string): boolean {
  return isAbsolute(name) || /^\.\.(\/|$)/.test(posix.normalize(plain(name)))
}

function isAbsolute(name: string): boolean {
  return /^(\/|[A-Za-z]:)/.test(plain(name))
}

function plain(name: string): string {
  return name.replaceAll('\\', '/')
}

function printable(name: string): string {
  return name.slice(0, 100).replace(/\p{Cc}+/gu, ' ')
}
