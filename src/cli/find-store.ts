import { join } from 'node:path'
import { createFileStore, type RunStore } from '../journal/index.ts'
import { findStateFolder } from './paths.ts'

/** The store of a handbook's runs; outside any handbook it is in the user's own state folder. */
export function findStore(root: string | undefined, env: Readonly<Record<string, string | undefined>>): RunStore {
  return createFileStore(join(findStateFolder(root, env), 'runs'))
}
