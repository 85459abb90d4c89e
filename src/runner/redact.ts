import { overlap } from '../worker/index.ts'

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
  const forms = [...new Set(secrets.filter(Boolean).flatMap(encode))].sort((a, b) => b.length - a.length)
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

function hide(text: string, forms: readonly string[]): string {
  return forms.reduce((shown, form) => shown.replaceAll(form, MASK), text)
}

function encode(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    bytes.toString('hex'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].map(offset => encodeBase64(bytes, offset)),
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
