import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The release that runs: the file VERSION beside the bundle, `unknown` where there is none. */
export function readVersion(folder: string): string {
  try {
    return readFileSync(join(folder, 'VERSION'), 'utf8').trim() || 'unknown'
  } catch {
    return 'unknown'
  }
}
