import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { sep } from 'node:path'
import { promisify } from 'node:util'

/** The mount points in a folder, those of the deepest folders first. */
export function listMounts(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map(line => unescapeOctal(line.split(' ')[4] ?? ''))
    .filter(path => path === folder || path.startsWith(`${folder}${sep}`))
    .reverse()
}

/** Unmounts everything in a folder; a mount that is in use disappears now and ends when its last user does. */
export async function unmountAll(folder: string): Promise<void> {
  for (const path of listMounts(folder)) {
    const umount = promisify(execFile)
    await umount('umount', [path]).catch(() => umount('umount', ['--lazy', path]))
  }
}

/** The kernel writes spaces and such as `\040`. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)))
}
