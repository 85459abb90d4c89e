import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** What fits into a socket's address, on every system. */
const LONGEST = 103

/** A path by which a lab's control socket can be named, however deep its folder lies. Close it after use. */
export function openSocketPath(directory: string): { readonly path: string; close(): void } {
  const path = join(directory, 'control.sock')
  if (Buffer.byteLength(path) <= LONGEST) return { path, close: () => undefined }
  const folder = openSync(directory, 'r')
  return { path: `/proc/self/fd/${folder}/control.sock`, close: () => closeSync(folder) }
}
