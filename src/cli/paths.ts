import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** The folder of the bundles: where this command itself was loaded from. */
export const BUNDLES = __dirname

/** The package's own folder. */
export const PACKAGE = join(BUNDLES, '..')

/** Where a handbook keeps runs; outside any handbook they go to the user's own state folder. */
export function findRunsFolder(root: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  if (root !== undefined) return join(root, '.handbook', 'runs')
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'handbook', 'runs')
}

/** Where the locks of a folder of runs are: beside it. */
export function findLocksFolder(runs: string): string {
  return join(dirname(runs), 'locks')
}

/** Where a handbook's practice deployment lives. */
export function findLabFolder(root: string): string {
  return join(root, '.handbook', 'lab')
}
