import { z } from 'zod'
import type { DeliveryResult } from './send-downstream.ts'

/** What downstream answered. */
export interface Answer {
  readonly status: number
  readonly text: string
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined
}

const acknowledgement = z.object({ sha256: z.string() })

/** Statuses that say that downstream will never take these bytes. Sending them again would change nothing, so the upload is held. */
export const permanentRefusals: readonly number[] = [
  400, 405, 406, 410, 411, 413, 414, 415, 416, 422, 431, 451, 501, 505,
]

/** Statuses of a refused file. All others that are no success say something about downstream itself, or about us. */
const aboutTheFile: ReadonlySet<number> = new Set([...permanentRefusals, 404, 409])

/** Decides what an answer means for the upload with this SHA-256. `now` is in milliseconds since the epoch. */
export function judgeAnswer(answer: Answer, expected: string, now: number): DeliveryResult {
  const { status, text } = answer
  const sha256 = readHash(text)
  const isKept = (status >= 200 && status <= 299) || status === 409
  if (isKept && sha256 === expected) return { result: 'acknowledged' }
  const isPermanent = permanentRefusals.includes(status) || (status === 409 && sha256 !== undefined)
  if (isKept && sha256 !== undefined)
    return { result: 'mismatch', error: `sha256 ${printable(sha256)}, not ${expected}`, isPermanent, isOutage: false }
  const retryAfter = readRetryAfter(answer.retryAfter, now)
  return {
    result: 'refused',
    error: isKept && status !== 409 ? `status ${status} without a sha256` : `status ${status}: ${printable(text)}`,
    isPermanent,
    isOutage: !isKept && !aboutTheFile.has(status),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
}

// Hexadecimal digits mean the same in either case.
function readHash(text: string): string | undefined {
  const parsed = acknowledgement.safeParse(parseJson(text))
  return parsed.success ? parsed.data.sha256.trim().toLowerCase() : undefined
}

function parseJson(text: string): unknown {
  try {
    // Some writers begin a text with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

const longestWait = 24 * 3600 * 1000

// RFC 9110, 10.2.3: a number of seconds, or a date.
function readRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(milliseconds) ? undefined : Math.min(longestWait, Math.max(0, milliseconds))
}

/** The beginning of a foreign text, without what a terminal would obey. */
function printable(text: string): string {
  return text
    .slice(0, 200)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}
