import { createHash } from 'node:crypto'

/** The hash of a line of the ledger: of the hash before it and of the event as it was written. */
export function chainHash(before: string, line: string): string {
  return createHash('sha256').update(before).update(line).digest('hex')
}
