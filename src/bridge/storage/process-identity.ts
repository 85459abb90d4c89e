import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { errorCode } from './error-code.ts'

/** This process, as other processes of the same machine can find it. */
export function describeProcess(): string {
  own ??= `${findPlace()} ${process.pid} ${startOf(process.pid)?.started ?? '-'}`
  return own
}

let own: string | undefined

// A process id means something only among the processes that see each other: on one machine, in one container.
function findPlace(): string {
  place ??= readPlace()
  return place
}

let place: string | undefined

function readPlace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`
  } catch {
    return hostname()
  }
}

// proc(5): after the name in parentheses come the state and, as the 20th field after it, when the process started.
function startOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

/** Whether the process that made a lease, and began it with its description, has certainly ended. */
export function isDead(lease: string): boolean {
  const [where, pid, started] = lease.split(' ')
  if (where !== findPlace()) return false
  const found = startOf(Number(pid))
  if (found !== undefined) return found.started !== started || found.state === 'Z'
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return errorCode(error) === 'ESRCH'
  }
}
