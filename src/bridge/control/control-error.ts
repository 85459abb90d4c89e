import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../storage/error-code.ts'
import { OwnershipError } from '../storage/ownership.ts'

/** Why bridgectl could not do its work: exit code 1 for a failure, 2 for wrong usage or no named deployment. */
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

/** The command line is right, but the command failed. */
export function failure(message: string, options?: ErrorOptions): ControlError {
  return new ControlError(1, message, options)
}

/** The account that may run a command which failed because of missing file permissions; undefined for other errors. */
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
  // A file that could not be made has no owner yet, so the owner of its folder may make it.
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
