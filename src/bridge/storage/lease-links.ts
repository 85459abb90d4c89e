import { lstat, readlink, symlink } from 'node:fs/promises'
import { errorCode, isMissing } from './error-code.ts'

/** The name of the lease with this number. A higher number took over from the one below. */
export function leasePath(data: string, number: number): string {
  return `${data}.writer.${number}`
}

/** The name of the link by which another process asks for the lease. Its target is the lease that is asked for. */
export function wantedPath(data: string): string {
  return `${data}.writer.wanted`
}

/** The leases of an upload, the oldest first. */
export async function readLeases(data: string): Promise<readonly string[]> {
  const leases: string[] = []
  for (;;) {
    const lease = await readLink(leasePath(data, leases.length + 1))
    if (lease === undefined) return leases
    leases.push(lease)
  }
}

/** The target of a link; undefined when there is none. */
export async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Makes a link. Returns false when its name is taken, because only one process can make it. */
export async function makeLink(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Whether there is a file or link of this name. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** Notices that the newest lease has shown no sign of life for a while, by the clock of this process alone. */
export class FreezeWatch {
  readonly #data: string
  readonly #frozenAfter: number
  #seen = ''
  #since = 0

  constructor(data: string, frozenAfter: number) {
    this.#data = data
    this.#frozenAfter = frozenAfter
  }

  async isFrozen(leases: readonly string[]): Promise<boolean> {
    const link = await lstat(leasePath(this.#data, leases.length)).catch(() => undefined)
    const seen = `${leases.at(-1)} ${link?.mtimeMs}`
    if (seen !== this.#seen) {
      this.#seen = seen
      this.#since = performance.now()
    }
    return performance.now() - this.#since > this.#frozenAfter
  }
}
