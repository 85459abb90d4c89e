import type { Rota } from '../../environments/index.ts'
import type { OnCall } from '../on-call/read-on-call.ts'
import { escapeText } from './escape-text.ts'

/** The file of the pack that says whom to call. */
export const CALL_PAGE = 'whom-to-call.html'

/** A page with the whole rota and its shifts: a pack is read days after it was written. `styles`: addresses of the site's style sheets. */
export function makeCallPage(
  { rota, written, old }: Extract<OnCall, { state: 'known' }>,
  owners: Readonly<Record<string, { readonly name: string }>>,
  { title, date, styles }: { readonly title: string; readonly date: string; readonly styles: readonly string[] },
): string {
  const people = rota.people.map(one => [
    owners[one.team]?.name ?? one.team,
    one.name,
    one.telephone,
    one.after === 0 ? 'first' : `after ${one.after} min without an answer`,
    sayShift(one),
  ])
  const outside = rota.outside.map(one => [one.name, one.telephone, one.for])
  const age = `The rota was written on ${written.toISOString().slice(0, 10)}${old ? ', and was old already when it was copied' : ''}. Times are UTC.`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Whom to call | ${escapeText(title)}</title>${styles.map(style => `<link rel="stylesheet" href="${style}">`).join('')}</head>
<body><main class="container padding-vert--md"><h1>Whom to call</h1>
<p>${age} Copied on ${date}: somebody else may be on call by now.</p>
${makeTable(['Team', 'Who', 'Telephone', 'When', 'Shift'], people)}
${outside.length === 0 ? '' : `<h2>Outside of the teams</h2>\n${makeTable(['Who', 'Telephone', 'For'], outside)}`}
</main></body></html>
`
}

function makeTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map(cell => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`
  return `<table><thead>${cells(head, 'th')}</thead><tbody>${rows.map(row => cells(row, 'td')).join('')}</tbody></table>`
}

function sayShift({ from, until }: Rota['people'][number]): string {
  const say = (moment: string) => new Date(moment).toISOString().slice(0, 16).replace('T', ' ')
  if (from === undefined && until === undefined) return 'always'
  return [from === undefined ? '' : `from ${say(from)}`, until === undefined ? '' : `until ${say(until)}`]
    .filter(Boolean)
    .join(' ')
}
