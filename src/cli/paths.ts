import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder of the bundles: where this command itself was loaded from. */
export const BUNDLES = __dirname

/** Where a handbook keeps what it remembers; outside any handbook that is the user's own state folder. */
export function findStateFolder(root: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (root !== undefined) return join(root, '.handbook')
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'handbook')
}

/** Where a handbook's practice deployment lives. */
export function findLabFolder(root: string): string {
  return join(root, '.handbook', 'lab')
}
