import { runInNewContext } from 'node:vm'

/** Milliseconds of the processor’s time that a pattern may take. One that backtracks for ever takes any time. */
export const PATTERN_TIME = 250

/** Milliseconds by the clock, for one try after the other: on a busy machine the processor is elsewhere for most of them. */
const TRIES = [PATTERN_TIME, 4 * PATTERN_TIME, 16 * PATTERN_TIME]

/** Whether the whole text matches a pattern; `undefined` when that was not found out in time. */
export function matchPattern(pattern: string, text: string): boolean | undefined {
  const test = `new RegExp('^(?:' + pattern + ')$', 'u').test(text)`
  for (const timeout of TRIES) {
    const before = process.cpuUsage()
    try {
      return Boolean(runInNewContext(test, { pattern, text }, { timeout }))
    } catch {
      const { user, system } = process.cpuUsage(before)
      if ((user + system) / 1000 >= 0.9 * PATTERN_TIME) return undefined
    }
  }
  return undefined
}
