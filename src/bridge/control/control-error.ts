import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../storage/error-code.ts'
import { OwnershipError } from '../storage/ownership.ts'

/** Why bridgectl ends without having done what it was asked: 1 failed, 2 wrong usage or no deployment named. */
export class ControlError extends Error {
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ControlError'
    this.exitCode = exitCode
  }
}

/** The command line is wrong. */
export function wrongUsage(message: string): ControlError {
  return new ControlError(2, message)
}

/** The command line is right, but it cannot be done. */
export function failure(message: string, options?: ErrorOptions): ControlError {
  return new ControlError(1, message, options)
}

/** As whom to run a command that failed over what its account may do with a file; undefined when it failed over something else. */
export async function accountHint(error: unknown): Promise<string | undefined> {
  if (!(error instanceof Error)) return undefined
  const uid = error instanceof OwnershipError ? error.uid : await ownerOfDenied(error)
  if (uid === undefined) return accountHint(error.cause)
  if (uid === 0) return 'run bridgectl as root'
  return `run it as the account that this belongs to, sudo -u ${await accountName(uid)} bridgectl …, or as root`
}

async function ownerOfDenied(error: Error): Promise<number | undefined> {
  if (!['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return undefined
  if (!('path' in error) || typeof error.path !== 'string') return undefined
  // What may not be made belongs to nobody yet: then it is its folder's owner who may.
  const owner = (await ownerOf(error.path)) ?? (await ownerOf(dirname(error.path)))
  return owner ?? 0
}

async function ownerOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ uid }) => uid,
    () => undefined,
  )
}

async function accountName(uid: number): Promise<string> {
  const accounts = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map(line => line.split(':'))
  return accounts.find(([, , id]) => id === `${uid}`)?.[0] ?? `'#${uid}'`
}
