import type { LeftProcess } from '../journal/index.ts'

/** What a step left running, in a sentence. */
export function describeLeft(left: readonly LeftProcess[]): string {
  const named = left.slice(0, LIMIT).map(({ pid, command }) => `${shorten(command)} (${pid})`)
  const more = left.length - named.length
  return `left running, and nobody hears how it ends: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The most processes that are named. */
const LIMIT = 5

function shorten(command: string): string {
  return command.length > 60 ? `${command.slice(0, 59)}…` : command
}
