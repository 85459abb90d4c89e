import { hostname } from 'node:os'
import { isRunning } from '../base/index.ts'
import { isAlive } from '../execute/index.ts'
import type { Actor } from '../journal/index.ts'

/** Whether a runner is still there: only its own machine can tell. */
export function judgeActor({ host, pid, start }: Actor): 'alive' | 'gone' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere'
  if (start === undefined) return isAlive(pid) ? 'alive' : 'gone'
  return isRunning({ pid, start }) ? 'alive' : 'gone'
}
