import { join } from 'node:path'
import type { Variables } from '../ports.ts'

const ALLOWED = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TERM|SSH_AUTH_SOCK|XDG_\w+)$/

/** What blocks inherit of the caller's variables, with `hb` of these bundles on the path. */
export function inheritVariables(env: Variables, bundles: string): Record<string, string> {
  const allowed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined && ALLOWED.test(name)) allowed[name] = value
  return { ...allowed, PATH: `${join(bundles, 'bin')}:${allowed.PATH ?? '/usr/bin:/bin'}` }
}
