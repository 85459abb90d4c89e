import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads a file of the handbook by its path relative to the root; `undefined` when there is none. */
export type ReadText = (path: string) => Promise<string | undefined>

/** Reads files below a folder from the disk. */
export function readTextFrom(root: string): ReadText {
  return path => readFile(join(root, path), 'utf8').catch(() => undefined)
}
