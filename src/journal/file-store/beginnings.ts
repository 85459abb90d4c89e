import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Beginning } from '../run-store.ts'
import { create } from './requests.ts'
import { makeFolder } from './share.ts'

/** A name for a key: whoever chose it may have put anything into it. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** Notes what a key begins, unless that was noted before. Gives what the key begins. Rejects when nothing can be written. */
export async function noteBeginning(file: string, beginning: Beginning): Promise<Beginning> {
  makeFolder(dirname(file))
  if (await create(file, beginning)) return beginning
  return JSON.parse(await readFile(file, 'utf8'))
}
