import { type FindSecrets, prepareSearch } from './find-secrets.ts'
import { createStreams, hide, MARK, type RedactStreams } from './redact-streams.ts'
import { type Encode, type KnownLetters, type Spelling, spellSecret } from './spell-secret.ts'

/** Removes a run's secrets from everything that is shown or kept. */
export interface Redaction {
  /** Whether there is anything to hide. */
  readonly needed: boolean
  text(text: string): string
  /** A value without secrets in its keys, texts and numbers, however deep. */
  value<T>(value: T): T
  /** For the output of a step. */
  streams(): RedactStreams
  /** For a file's bytes, read as `latin1`. */
  bytes(): RedactStreams
}

/** Prepares to hide secrets in every spelling. */
export function prepareRedaction(secrets: readonly string[]): Redaction {
  const given = [...new Set(secrets)].filter(Boolean)
  const find = prepareSearch(spellAll(given, text => text))
  let findBytes: FindSecrets | undefined
  const needed = given.length > 0
  const text = (text: string) => (needed ? hide(text, find(text).ranges) : text)
  return {
    needed,
    text,
    value: value => (needed ? JSON.parse(JSON.stringify(walk(value, text))) : value),
    streams: () => createStreams(needed ? find : undefined),
    bytes() {
      findBytes ??= prepareSearch(spellAll(given, inBytes))
      return createStreams(findBytes)
    },
  }
}

function spellAll(secrets: readonly string[], encode: Encode): Spelling[] {
  const known: KnownLetters = new Map()
  return secrets.flatMap(secret => spellSecret(secret, encode, known))
}

function inBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function walk(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return clean(String(value)) === String(value) ? value : MARK
  if (Array.isArray(value)) return value.map(inner => walk(inner, clean))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), walk(inner, clean)]))
}
