import { randomBytes } from 'node:crypto'

/** A name beside a file for what becomes it in one go. Machines that share the folder have processes of the same number. */
export function draftOf(file: string): string {
  return `${file}.${randomBytes(6).toString('hex')}`
}
