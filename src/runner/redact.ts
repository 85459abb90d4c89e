import { overlap } from './overlap.ts'

/** Replaces secrets in a stream of text, also where one is split across chunks. */
export interface Redactor {
  /** The text that can be shown so far. */
  push(text: string): string
  /** What was held back. */
  flush(): string
}

const MASK = '[redacted]'

/** Makes a redactor for one stream. Each secret is hidden as it is and in the encodings that commands commonly print. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const forms = listForms(secrets)
  let held = ''
  return {
    push(text) {
      if (forms.length === 0) return text
      held = hide(held + text, forms)
      const keep = Math.max(...forms.map(form => overlap(held, form)))
      const shown = held.slice(0, held.length - keep)
      held = held.slice(held.length - keep)
      return shown
    },
    flush() {
      const shown = hide(held, forms)
      held = ''
      return shown
    },
  }
}

/** Takes secrets out of a file's content; what is no text stays as it is. */
export function redactBytes(bytes: Buffer, secrets: readonly string[]): Buffer {
  const forms = listForms(secrets).map(form => Buffer.from(form).toString('latin1'))
  return Buffer.from(hide(bytes.toString('latin1'), forms), 'latin1')
}

/** Everything that must not be seen, longest first. */
function listForms(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter(Boolean).flatMap(encode))].sort((a, b) => b.length - a.length)
}

function hide(text: string, forms: readonly string[]): string {
  return forms.reduce((shown, form) => shown.replaceAll(form, MASK), text)
}

/** A function that takes secrets out of every text in a value. */
export function redactValues(secrets: readonly string[]): <T>(value: T) => T {
  if (secrets.length === 0) return value => value
  const clean = (text: string) => {
    const redactor = createRedactor(secrets)
    return redactor.push(text) + redactor.flush()
  }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value)
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [clean(key), walk(inner)]))
  }
  return value => JSON.parse(JSON.stringify(walk(value)))
}

/** A secret in the encodings that commands commonly print. What is shorter than four characters would hide everything. */
function encode(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const urls = [encodeURIComponent(secret), new URLSearchParams({ q: secret }).toString().slice(2)]
  const base64 = [0, 1, 2].map(offset => encodeBase64(bytes, offset))
  return [
    secret,
    hex,
    hex.toUpperCase(),
    ...urls,
    ...urls.map(url => url.replace(/%../g, code => code.toLowerCase())),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_')),
  ].filter(form => form.length >= 4 || form === secret)
}

/** The part of a base64 text that depends on the secret alone, when it stands `offset` bytes behind a multiple of three. */
function encodeBase64(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '')
  const end = Math.floor(((offset + bytes.length) * 8) / 6)
  return text.slice(Math.ceil((offset * 8) / 6), end)
}
