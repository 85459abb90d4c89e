import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether this machine has what a suite needs: programs on `PATH`, or `root`. When it has not, says on one line what is
 * left out; in continuous integration (`CI=true`) nothing may be left out, and the suite fails.
 *
 *     describe.runIf(requires('alerts of the lab', ['prometheus', 'prometheus-alertmanager']))('…', () => { … })
 */
export function requires(suite: string, needs: readonly string[]): boolean {
  const missing = needs.filter(need => !isHere(need))
  if (missing.length > 0) leaveOut(suite, missing.join(', '))
  return missing.length === 0
}

/** Says what is left out and what it wants, for needs that only a try shows; fails in continuous integration. */
export function leaveOut(suite: string, want: string): void {
  const line = `left out: ${suite}, for want of ${want}`
  if (process.env.CI === 'true') throw new Error(`${line}; nothing may be left out here (npm run setup)`)
  process.stderr.write(`– ${line}\n`)
}

function isHere(need: string): boolean {
  if (need === 'root') return process.getuid?.() === 0
  return (process.env.PATH ?? '').split(delimiter).some(folder => isExecutable(join(folder, need)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
