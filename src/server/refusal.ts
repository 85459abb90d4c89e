import { RefusedError, UsageError } from '../operate/index.ts'
import type { Refusal } from '../wire/index.ts'

/** Why a request is not carried out: it becomes an answer of RFC 9457. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, title: string, detail?: string, headers: Readonly<Record<string, string>> = {}) {
    super(title)
    this.refusal = { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) }
    this.headers = headers
  }
}

/** What is answered to an error; one of ours is told as it is, and a defect without its insides. */
export function explainError(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof UsageError) return new Refused(422, error.message, error.hint)
  if (error instanceof RefusedError) return new Refused(409, error.message, error.hint)
  const { statusCode, message } = Object(error)
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new Refused(statusCode, TITLES[statusCode] ?? 'This request cannot be read', String(message))
  return new Refused(500, 'The server failed at this', 'What happened is in its terminal')
}

const TITLES: Readonly<Record<number, string>> = {
  404: 'There is nothing here',
  413: 'This is too long',
  415: 'Only application/json is taken',
}
