import { readFileSync } from 'node:fs'
import { kill } from 'node:process'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in the kernel's clock ticks since this boot. */
  readonly start: string
}

/** The identity of a process that runs now. */
export function identify(pid: number): ProcessIdentity | undefined {
  const fields = readStat(pid)
  return fields && isAlive(fields.state) ? { pid, start: `${bootId()}/${fields.start}` } : undefined
}

/** Whether this very process still runs. */
export function isRunning({ pid, start }: ProcessIdentity): boolean {
  return identify(pid)?.start === start
}

/** Whether a process of this number exists; it may be a later one than was meant. */
export function isNumberInUse(pid: number): boolean {
  try {
    kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether a process was recorded since the last start of this machine. Unknown for a process without a start time. */
export function isOfThisBoot({ start }: Pick<ProcessIdentity, 'start'>): boolean {
  try {
    return start.startsWith(`${bootId()}/`)
  } catch {
    return false
  }
}

/** Whether a process is frozen by SIGSTOP. */
export function isFrozen(pid: number): boolean {
  const state = readStat(pid)?.state
  return state === 'T' || state === 't'
}

/** Sends a signal, unless the process has ended or its number belongs to another by now. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (isRunning(identity)) send(identity.pid, signal)
}

/** Kills the processes that remain in a process group after its leader has ended. */
export function killGroup(pid: number): void {
  send(-pid, 'SIGKILL')
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The name in /proc/PID/stat may hold spaces and brackets, so fields are counted from its end. */
function readStat(pid: number): { state: string; start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state, start: rest[18] ?? '' }
  } catch {
    return undefined
  }
}

/** A zombie has ended, but its parent has not read its exit code yet. */
function isAlive(state: string): boolean {
  return state !== 'Z' && state !== 'X'
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
}
