import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { identify, isRunning, type ProcessIdentity, signalProcess } from '../base/index.ts'
import { endTree } from '../execute/index.ts'
import type { RunHistory } from './run-history.ts'

/** Milliseconds that a supervisor gets to end its step by itself, as it does when its runner is gone. */
const GRACE = 2000

/**
 * Makes sure that nothing of a step runs any more whose runner is gone: the process that watched over it, everything below that, and
 * whatever else carries the step's mark. Gives the numbers of what does not even end by SIGKILL.
 */
export async function endLeftovers(folder: string, { half }: RunHistory): Promise<number[]> {
  if (!half) return []
  const mark = `HB_EVIDENCE=${join(folder, 'evidence', half.step)}\0`
  const find = () => [...(half.process && isRunning(half.process) ? [half.process] : []), ...findMarked(mark)]
  const deadline = performance.now() + GRACE
  while (find().length > 0 && performance.now() < deadline) await sleep(20)
  if (half.process && isRunning(half.process)) endTree(half.process.pid)
  for (const process of find()) signalProcess(process, 'SIGKILL')
  const end = performance.now() + GRACE
  while (find().length > 0 && performance.now() < end) await sleep(20)
  return find().map(({ pid }) => pid)
}

/** The processes that have a mark in the environment that they were started with. */
function findMarked(mark: string): ProcessIdentity[] {
  return listProcesses().flatMap(pid => {
    try {
      return `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(mark) ? (identify(pid) ?? []) : []
    } catch {
      return []
    }
  })
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}
