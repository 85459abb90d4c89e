import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, type ProcessIdentity, signalProcess } from '../../base/index.ts'

/** A process that cannot be confused with a later one of the same number. */
export interface ProcessId {
  readonly pid: number
  /** Clock ticks since boot at its start, from /proc; 0 where there is no /proc. */
  readonly startTime: number
}

/**
 * Every process below `root`, whatever session or group it put itself in, but those in `spare` and what is below them. Only Linux tells;
 * elsewhere the list is empty.
 */
export function listDescendants(root: number, spare: readonly ProcessId[] = []): ProcessId[] {
  const spared = new Set(spare.map(({ pid, startTime }) => `${pid} ${startTime}`))
  const children = new Map<number, (ProcessId & { readonly dead: boolean })[]>()
  for (const name of readNames('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined
    if (!stat) continue
    const siblings = children.get(stat.parent) ?? []
    siblings.push({ pid, startTime: stat.startTime, dead: stat.state === 'Z' })
    children.set(stat.parent, siblings)
  }
  const found: ProcessId[] = []
  const queue = [root]
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const child of children.get(parent) ?? []) {
      if (spared.has(`${child.pid} ${child.startTime}`)) continue
      if (!child.dead) found.push({ pid: child.pid, startTime: child.startTime })
      queue.push(child.pid)
    }
  }
  return found
}

/** Ends every process below `root` but `except`, those in `spare` and what is below these, within the time that it takes. */
export function killDescendants(root: number, spare: readonly ProcessId[] = [], except?: number): void {
  const find = () => listDescendants(root, spare).flatMap(({ pid }) => (pid === except ? [] : [pid]))
  const deadline = performance.now() + PATIENCE
  for (stopAndKill(find); find().length > 0 && performance.now() < deadline; stopAndKill(find))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
}

/**
 * Ends the processes that are found. They are stopped first, and looked for again until no new one appears, so that none can fork its way out. What was
 * born of a fork that was under way meanwhile is found by who looks again once its parent is dead.
 */
function stopAndKill(find: () => readonly number[]): void {
  const stopped = new Set<number>()
  for (let fresh = find(); fresh.length > 0; fresh = find().filter(pid => !stopped.has(pid))) {
    for (const pid of fresh) {
      stopped.add(pid)
      signal(pid, 'SIGSTOP')
    }
  }
  for (const pid of stopped) signal(pid, 'SIGKILL')
}

/** Sends a signal. A process that is already gone, or belongs to somebody else, is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    const codes = ['ESRCH', 'EPERM']
    if (!(error instanceof Error && 'code' in error && codes.some(code => code === error.code))) throw error
  }
}

function readStat(pid: number): { parent: number; state: string; startTime: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The command's name, in parentheses, may hold anything; the fields are counted from behind it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: Number(fields[19]) }
  } catch {
    return undefined
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Ends every process whose environment has a variable with this value, or one like this, and everything below these. Gives the numbers of those that do
 * not even end by SIGKILL. Only Linux tells.
 */
export async function endMarked(variable: string | RegExp): Promise<number[]> {
  const find = () => findMarked(variable)
  const deadline = performance.now() + PATIENCE
  for (stopAndKill(find); find().length > 0 && performance.now() < deadline; stopAndKill(find)) await sleep(20)
  return find()
}

/** Milliseconds until what does not end by SIGKILL is left alone. */
const PATIENCE = 2000

/** The processes with this variable and everything below them. */
function findMarked(variable: string | RegExp): number[] {
  const marked = readNames('/proc')
    .map(Number)
    .filter(pid => hasVariable(pid, variable))
  return [...new Set(marked.flatMap(pid => [pid, ...listDescendants(pid).map(({ pid }) => pid)]))]
}

function hasVariable(pid: number, variable: string | RegExp): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false
  try {
    const text = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`
    return typeof variable === 'string' ? text.includes(`\0${variable}\0`) : variable.test(text)
  } catch {
    return false
  }
}

/** Milliseconds that a supervisor gets to end its step by itself, as it does when its runner is gone. */
const GRACE = 2000

/**
 * The runner of a step is gone. Makes sure that nothing of the step runs any more: the process that watched over it, everything below
 * that, and whatever else carries the step's mark: the folder of its evidence, which ends in the run's id and the step's. Gives the numbers of
 * what does not even end by SIGKILL.
 */
export async function endLeftovers(
  run: string,
  step: string,
  { process: supervisor }: { readonly process?: ProcessIdentity | undefined },
): Promise<number[]> {
  const mark = new RegExp(`\\0HB_EVIDENCE=[^\\0]*/${run}/${step}\\0`)
  const isWatched = () => supervisor !== undefined && isRunning(supervisor)
  const deadline = performance.now() + GRACE
  while ((isWatched() || findMarked(mark).length > 0) && performance.now() < deadline) await sleep(20)
  if (supervisor && isRunning(supervisor)) {
    killDescendants(supervisor.pid)
    signalProcess(supervisor, 'SIGKILL')
  }
  const marked = await endMarked(mark)
  return supervisor && isRunning(supervisor) ? [...new Set([supervisor.pid, ...marked])] : marked
}
