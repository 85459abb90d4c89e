import type { Pool, PoolClient } from 'pg'
import {
  type ClientKey,
  claimKey,
  giveBackKey,
  type RecordedAnswer,
  recordAnswer,
  renewClaims,
} from '../database/idempotency.ts'
import { guardDatabase } from '../database/pool.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'

const renewInterval = 5000

/** A request that works under a key of its client. */
export interface KeyedRequest {
  /** Records its answer in the transaction that acknowledges the upload. Throws when another request has the key by now. */
  record(client: PoolClient, answer: RecordedAnswer): Promise<void>
  /** Ends it. Without an answer, the key is free again. */
  end(): Promise<void>
}

/** The keys of requests (draft-ietf-httpapi-idempotency-key-header): each answered once, by whichever process of the API. */
export class IdempotencyKeys {
  readonly #pool: Pool
  readonly #keep: () => number
  readonly #underWay = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  /** `keep` says for how many milliseconds an answer is remembered; read each time, because it can change. */
  constructor(pool: Pool, keep: () => number) {
    this.#pool = pool
    this.#keep = keep
  }

  /** Begins a request under a key, or returns the answer that was given under it. Throws a problem while another works under it. */
  async begin(key: ClientKey): Promise<KeyedRequest | { readonly answer: RecordedAnswer }> {
    const claim = await guardDatabase(claimKey(this.#pool, key))
    switch (claim.kind) {
      case 'answered':
        return { answer: claim.answer }
      case 'under-way':
        throw new BridgeProblem('idempotency-key-in-use', { retryAfter: 5 })
      case 'taken':
        return this.#requestOf(claim.token)
      default:
        return claim satisfies never
    }
  }

  #requestOf(token: string): KeyedRequest {
    this.#underWay.add(token)
    this.#timer ??= setInterval(() => void this.#renew(), renewInterval).unref()
    return {
      record: async (client, answer) => {
        if (!(await recordAnswer(client, token, answer, this.#keep())))
          throw new BridgeProblem('idempotency-key-in-use')
      },
      end: async () => {
        this.#underWay.delete(token)
        // Without the database the key is free when its time is over.
        await giveBackKey(this.#pool, token).catch(() => {})
      },
    }
  }

  // A process that was frozen for too long loses its keys, and notices it when it records its answer.
  async #renew(): Promise<void> {
    if (this.#underWay.size > 0) return renewClaims(this.#pool, [...this.#underWay]).catch(() => {})
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

/**
 * The key in the header `Idempotency-Key`: a string in quotes, or the same without. Undefined when there is no header. Throws a problem for
 * anything else.
 */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const [, quoted, plain] = /^\s*(?:"((?:[ !#-[\]-~]|\\["\\])+)"|([!#-+\--[\]-~]+))\s*$/.exec(String(header)) ?? []
  const key = quoted?.replace(/\\(.)/g, '$1') ?? plain
  if (key === undefined || key.length > longestKey) {
    const detail = `Idempotency-Key is one text of up to ${longestKey} printable ASCII characters, in quotes`
    throw new BridgeProblem('invalid-request', { detail })
  }
  return key
}

const longestKey = 255
