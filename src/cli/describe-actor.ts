import { hostname, userInfo } from 'node:os'
import { identify } from '../base/index.ts'
import type { Actor } from '../journal/index.ts'

/** Who runs this, and where. A user number without a name, as in many containers, is told as it is. */
export function describeActor(): Actor {
  const start = identify(process.pid)?.start
  return { user: nameUser(), host: hostname(), pid: process.pid, ...(start === undefined ? {} : { start }) }
}

function nameUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
