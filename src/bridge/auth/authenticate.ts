import { timingSafeEqual } from 'node:crypto'
import type { LiveConfiguration } from '../configuration/live-configuration.ts'
import { type ApiKey, hashKey, isGood, type KnownKeys } from './keys-file.ts'
import type { Identity } from './roles.ts'

/** The caller: anonymous, a key, a wrong key, too many wrong keys, or unknown because the keys cannot be read. */
export type Authentication =
  | { readonly outcome: 'anonymous' | 'refused' | 'blocked' | 'unreadable' }
  | { readonly outcome: 'recognised'; readonly key: Identity }

/** Reads the header `Authorization` of a request from an address; throws when the keys cannot be read. */
export type Authenticate = (header: string | undefined, address: string) => Promise<Authentication>

/** Makes the function that recognises keys. A revoked key is refused from the next request on. */
export function createAuthenticate(live: LiveConfiguration, knownKeys: KnownKeys): Authenticate {
  const failures = new FailureLimit(() => live.current.auth.maxFailures)
  return async (header, address) => {
    if (header === undefined) return { outcome: 'anonymous' }
    // A right key first: behind a proxy, somebody else's wrong keys come from the same address.
    const key = recognise(header, await knownKeys(), new Date())
    if (key !== undefined) return { outcome: 'recognised', key: { id: key.id, role: key.role } }
    if (failures.isReached(address)) return { outcome: 'blocked' }
    failures.count(address)
    return { outcome: 'refused' }
  }
}

// Every key costs the same comparison, so that the time does not reveal which ids exist.
function recognise(header: string, keys: readonly ApiKey[], now: Date): ApiKey | undefined {
  const hash = hashKey(/^Bearer +(\S+)$/i.exec(header)?.[1] ?? '')
  const found = keys.filter(key => timingSafeEqual(Buffer.from(key.hash, 'hex'), hash))
  return found.find(key => isGood(key, now))
}

/** Milliseconds over which failures are counted. */
const span = 60_000
const mostAddresses = 10_000

/** Counts wrong keys by address, so that who tries many is told to stop, and is seen (OWASP ASVS 6.3.1). */
class FailureLimit {
  readonly #max: () => number
  readonly #failures = new Map<string, { readonly since: number; count: number }>()

  constructor(max: () => number) {
    this.#max = max
  }

  /** Whether an address had too many failures and must wait, for at most a minute. */
  isReached(address: string): boolean {
    const known = this.#failures.get(address)
    return known !== undefined && performance.now() - known.since < span && known.count >= this.#max()
  }

  /** Counts one failure. */
  count(address: string): void {
    const known = this.#failures.get(address)
    if (known !== undefined && performance.now() - known.since < span) {
      known.count += 1
      return
    }
    // The oldest entry is removed first, so that memory stays bounded.
    const [oldest] = this.#failures.keys()
    if (oldest !== undefined && this.#failures.size >= mostAddresses) this.#failures.delete(oldest)
    this.#failures.delete(address)
    this.#failures.set(address, { since: performance.now(), count: 1 })
  }
}
