import { parseDuration } from '../configuration/units.ts'
import { isUploadId } from '../storage/layout.ts'
import { wrongUsage } from './control-error.ts'

/** Reads a duration option as milliseconds. */
export function durationOption(name: string, text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined) throw wrongUsage(`--${name} wants a duration such as 30s, 5m or 24h, not "${text}"`)
  return milliseconds
}

/** Reads the option `--limit`: a whole number above zero; without it there is no limit. */
export function limitOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw wrongUsage(`--limit wants a number above 0, not "${text}"`)
  return count
}

/** Reads an upload's id. */
export function idArgument(text: string): string {
  if (!isUploadId(text)) throw wrongUsage(`"${text}" is not the id of an upload: 32 hexadecimal digits`)
  return text
}
