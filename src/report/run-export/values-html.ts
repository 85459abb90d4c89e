import type { Json } from '../../journal/index.ts'
import { type Html, html } from './html.ts'

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
