import { DetailedError } from 'tus-js-client'
import { Refusal } from '../kit/send-upload.ts'

/** How many uploads in a row must be acknowledged before customers believe that all is well again. */
const ENOUGH = 30
/** The most characters of a reason. */
const LONGEST = 60

/**
 * What customers say of their uploads: once that they fail, with the first reason, and once that they do not any more. While some fail and
 * some do not, they say nothing further.
 */
export class Complaints {
  readonly #tell: (line: string) => void
  #failed = 0
  #goodInARow = 0

  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }

  failed(error: unknown): void {
    this.#failed += 1
    this.#goodInARow = 0
    if (this.#failed === 1) this.#tell(`– customers   their uploads fail: ${findReason(error)}`)
  }

  acknowledged(): void {
    if (this.#failed === 0) return
    this.#goodInARow += 1
    if (this.#goodInARow < ENOUGH) return
    this.#tell(`✔ customers   ${ENOUGH} uploads in a row are acknowledged again, after ${this.#failed} that failed`)
    this.#failed = 0
    this.#goodInARow = 0
  }
}

/** Why an upload failed, in at most 60 characters: the status and the service's own code, or what the connection came to. */
export function findReason(error: unknown): string {
  return cut(sayReason(error))
}

function sayReason(error: unknown): string {
  if (error instanceof Refusal) return sayAnswer(error.status, error.body)
  if (!(error instanceof DetailedError)) return sayConnection(error)
  const { originalResponse: answer, causingError } = error
  return answer ? sayAnswer(answer.getStatus(), answer.getBody()) : sayConnection(causingError ?? error)
}

function sayAnswer(status: number, body: string): string {
  const code = findCode(body)
  return code === undefined ? String(status) : `${status} ${code}`
}

/** The code of a problem of the service's own; nothing in a proxy's page. */
function findCode(body: string): string | undefined {
  try {
    const { code }: { code?: unknown } = JSON.parse(body)
    return typeof code === 'string' ? code : undefined
  } catch {
    return undefined
  }
}

function sayConnection(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time'
  const { code }: { code?: unknown } = { code: undefined, ...error }
  return typeof code === 'string' ? `no answer: ${code}` : error.message
}

function cut(text: string): string {
  const [line = ''] = text.split('\n')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
