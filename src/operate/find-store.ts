import { homedir } from 'node:os'
import { join } from 'node:path'
import { createFileStore, type RunStore } from '../journal/index.ts'
import type { Variables } from './ports.ts'

/** The store of a handbook's runs; outside any handbook it is in the user's own state folder. */
export function findStore(root: string | undefined, env: Variables): RunStore {
  return createFileStore(join(findStateFolder(root, env), 'runs'))
}

function findStateFolder(root: string | undefined, env: Variables): string {
  if (root !== undefined) return join(root, '.handbook')
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'handbook')
}
