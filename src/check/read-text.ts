import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReadText } from './check-handbook.ts'

/** Reads files below a folder from the disk. */
export function readTextFrom(root: string): ReadText {
  return path => readFile(join(root, path), 'utf8').catch(() => undefined)
}
