import { join } from 'node:path'

/** The folder of the bundles, from which this command was loaded. */
export const BUNDLES = __dirname

/** Where a handbook's practice deployment lives. */
export function findLabFolder(root: string): string {
  return join(root, '.handbook', 'lab')
}
