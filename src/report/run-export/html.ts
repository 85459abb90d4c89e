import { stripVTControlCharacters } from 'node:util'
import { makeVisible } from '../../base/index.ts'
import type { Json } from '../../journal/index.ts'

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

/**
 * What a program printed, as somebody would read it: without colours, of a line that was written over only its last state, and
 * other control characters as the pictures that Unicode has of them; what would hide or reorder text is written out.
 */
export function makeReadable(text: string): string {
  const read = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map(line => line.replace(/\r+$/, '').split('\r').at(-1) ?? '')
    .join('\n')
    .replace(/[^\P{Cc}\t\n]/gu, showControl)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
  return makeVisible(read)
}

function showControl(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** Names and values as a table. */
export function showValues(entries: readonly (readonly [string, Json])[]): Html {
  const rows = entries.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${showValue(value)}</td></tr>\n`)
  return html`<div class="wide"><table>${rows}</table></div>`
}

/** A value that a step gave: its keys as a table, or itself. */
export function showGivenValue(value: Json): Html {
  if (typeof value !== 'object' || value === null || isList(value)) return showValues([['value', value]])
  return showValues(Object.entries(value))
}

function showValue(value: Json): Html {
  if (typeof value === 'string') return html`${value}`
  const text = JSON.stringify(value, null, 1)
  return text.length > 80 ? html`<pre>${text}</pre>` : html`<code>${JSON.stringify(value)}</code>`
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
