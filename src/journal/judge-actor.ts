import { hostname } from 'node:os'
import { isNumberInUse, isRunning } from '../base/index.ts'
import type { Actor } from './event.ts'

/** Whether a runner is still there, by its process: only its own machine can tell that. */
export function judgeActor({ host, pid, start }: Actor): 'alive' | 'gone' | 'elsewhere' {
  if (host !== hostname()) return 'elsewhere'
  if (start === undefined) return isNumberInUse(pid) ? 'alive' : 'gone'
  return isRunning({ pid, start }) ? 'alive' : 'gone'
}
