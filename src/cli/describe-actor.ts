import { hostname, userInfo } from 'node:os'
import type { Actor } from '../journal/index.ts'

/** Who runs this, and where. A user number without a name, as in many containers, is told as it is. */
export function describeActor(): Actor {
  return { user: nameUser(), host: hostname(), pid: process.pid }
}

function nameUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}
