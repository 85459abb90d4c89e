import { makeReadable } from './readable-text.ts'

/** HTML that is safe to show: texts in it were escaped. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | undefined | false | readonly Part[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A template whose values are escaped, unless they are HTML themselves; nothing stands for `undefined` and `false`. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.map((text, index) => text + (index < parts.length ? write(parts[index]) : '')).join('') }
}

/** Text of ours that is HTML already, such as a style sheet. */
export function raw(text: string): Html {
  return { html: text }
}

function write(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'number') return String(part)
  if (typeof part === 'string') return makeReadable(part).replace(/[&<>"']/g, char => ENTITIES[char] ?? char)
  if ('html' in part) return part.html
  return part.map(write).join('')
}
