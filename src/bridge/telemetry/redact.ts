/** Removes secrets from a line. */
export type Redact = (line: string) => string

const censor = '[redacted]'
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${censor}`],
  [/(\w:\/\/[^\s:@/"\\]*):[^\s@/"\\]+@/g, `$1:${censor}@`],
  [/\bub_([0-9a-z-]+)_[\w-]{20,}/g, `ub_$1_${censor}`],
]

/** Makes the function that removes known secrets everywhere, and texts that look like secrets. */
export function createRedact(secrets: readonly string[]): Redact {
  const known = [...new Set(secrets.flatMap(writings))].sort((a, b) => b.length - a.length)
  return line => {
    const withoutKnown = known.reduce((text, secret) => text.replaceAll(secret, censor), line)
    return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), withoutKnown)
  }
}

const secretName = /authorization|cookie|passw|secret|token|api-?key|credential|connectionstring|^dsn$/i

/** The same fields, with the values hidden if the name says that they are secret. */
export function redactByName(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, secretName.test(name) ? censor : redactWithin(value, 1)]),
  )
}

function redactWithin(value: unknown, depth: number): unknown {
  if (depth > 5 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(each => redactWithin(each, depth + 1))
  // Errors, dates and similar objects define their own form.
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    secretName.test(name) ? censor : redactWithin(each, depth + 1),
  ])
  return Object.fromEntries(entries)
}

// A secret as it is, and its forms in JSON and in a URL. Shorter texts are skipped, because hiding them would hide ordinary words.
function writings(secret: string): readonly string[] {
  if (secret.length < 4) return []
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]
}
