import { constants } from 'node:os'
import type { ProgramEnd } from './program.ts'

/** How a program ended, in words that follow its name. */
export function describeEnd(end: ProgramEnd): string {
  if ('lost' in end) return end.lost
  if ('code' in end) return `ended with exit code ${end.code}`
  const name = Object.entries(constants.signals).find(([, number]) => number === end.signal)?.[0]
  return `was ended by ${name ?? `signal ${end.signal}`}`
}
