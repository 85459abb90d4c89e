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
 * What a program printed, as somebody would read it. Colours are left out, and a line that was written over is as it was at its end.
 * Other control characters are the pictures that Unicode has of them, and so are those that begin a control sequence. What would hide or reorder text is written out.
 */
export function makeReadable(text: string): string {
  const read = text
    .split(/\r?\n/)
    .map(writeOver)
    .join('\n')
    .replace(/[^\P{Cc}\t\n]/gu, showControl)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
  return makeVisible(read)
}

/** Ways to show text: colours and the like. Every other sequence is shown, since it would do something. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOURS = /\u001b\[[0-9;:]*m/g

/** What moves to the beginning of a line, or erases what stands in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const REWRITES = /(\r|\u001b\[[012]?K)/

/** A line as a terminal shows it at its end: what follows a `\r` covers as much of what was there as it is long. */
function writeOver(line: string): string {
  if (!REWRITES.test(line)) return line.replace(COLOURS, '')
  const shown: string[] = []
  let at = 0
  for (const part of line.split(REWRITES)) {
    if (part === '\r') at = 0
    else if (REWRITES.test(part)) {
      if (part.at(-2) !== '1') shown.length = Math.min(shown.length, at)
      if (/[12]/.test(part.at(-2) ?? '')) shown.fill(' ', 0, at)
    } else for (const letter of part.replace(COLOURS, '')) shown[at++] = letter
  }
  return shown.join('')
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

/** The style sheet of an exported run. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f6; --paper: #fff; --ink: #1b2426; --quiet: #5c696c; --line: #dde3e2; --code: #f0f3f2;
  --accent: #0c5a6b; --good: #16744a; --bad: #b3261e; --warn: #8a5a00; --cool: #4a6a8a;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12181a; --paper: #1a2224; --ink: #e4eae9; --quiet: #98a6a8; --line: #2d383b; --code: #131a1c;
    --accent: #6fc7d8; --good: #5ecb94; --bad: #ff8a80; --warn: #e8b455; --cool: #8fb4d9;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 var(--sans); overflow-wrap: break-word }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 2.5rem }
.where { margin: 0; color: var(--quiet); letter-spacing: .02em }
.where span { opacity: .6 }
h1 { margin: .1rem 0 .6rem; font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; letter-spacing: -.015em; text-wrap: balance }
h2 { margin: 2.4rem 0 .7rem; font-size: 1.2rem; letter-spacing: -.005em }
h3 { margin: 1.5rem 0 .4rem; font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; color: var(--quiet) }
h4 { margin: 1rem 0 .3rem; font-size: .85rem; color: var(--quiet) }
code, pre { font-family: var(--mono); font-size: .875em }
a { color: var(--accent); text-underline-offset: .15em }
.quiet { color: var(--quiet); font-size: .9em }
.outcome { margin: 0; font-size: 1.05rem; color: var(--quiet) }
.outcome b { display: inline-block; margin-right: .45rem; padding: .1rem .75rem .15rem; border-radius: 2rem; color: var(--paper); background: var(--tone);
  text-transform: capitalize; letter-spacing: .01em }
.good { --tone: var(--good) } .bad { --tone: var(--bad) } .open { --tone: var(--accent) }
.reason { margin: .8rem 0 0; font-size: 1.05rem }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2.2rem; margin: 1.3rem 0 0; padding: .9rem 0; border-block: 1px solid var(--line) }
.facts dt { font-size: .78rem; color: var(--quiet) } .facts dd { margin: 0; font-variant-numeric: tabular-nums }
.alarm { margin: 1.2rem 0 0; padding: .8rem 1rem; border: 1px solid var(--bad); border-left-width: 6px; border-radius: .4rem; color: var(--bad);
  background: color-mix(in srgb, var(--bad) 8%, var(--paper)); font-weight: 600 }
.sum { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1rem; margin-top: 1.5rem }
.sum > div { padding: 1rem 1.2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .7rem }
.sum h2 { margin: 0 0 .4rem; font-size: .95rem; color: var(--accent) }
.sum ul { margin: 0; padding-left: 1.1rem } .sum li { margin: .25rem 0 } .sum p { margin: .6rem 0 0 }
.sum code { padding: .2rem .45rem; background: var(--code); border-radius: .3rem; user-select: all }
.notes { margin: 0 0 1rem; padding: 0; list-style: none; color: var(--warn) } .notes time { margin-right: .5rem; font-variant-numeric: tabular-nums }
.step { margin: 0 0 .4rem; background: var(--paper); border: 1px solid var(--line); border-radius: .55rem; --tone: var(--good) }
.step.failed, .step.timed-out, .step.interrupted { --tone: var(--bad) }
.step.blocked, .step.cancelled { --tone: var(--warn) }
.step.skipped, .step.ruled-out { --tone: var(--cool) } .step.running { --tone: var(--accent) }
.step > summary { display: grid; grid-template-columns: 5.2rem 1.3rem minmax(0, 1fr) 5.5rem minmax(7rem, 26%); align-items: center; gap: 0 .5rem;
  padding: .5rem .9rem; cursor: pointer; list-style: none; border-radius: .55rem }
.step > summary::-webkit-details-marker { display: none }
.step > summary:hover { background: color-mix(in srgb, var(--accent) 6%, transparent) }
.step > summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px }
.after, .took { color: var(--quiet); font-size: .85rem; font-variant-numeric: tabular-nums; white-space: nowrap }
.took { text-align: right } .sign { color: var(--tone); font-weight: 700; text-align: center }
.title { font-weight: 550 } .title i { font-style: normal; font-weight: 400; font-size: .88em; color: var(--tone) }
.title::after { content: "›"; display: inline-block; margin-left: .5rem; color: var(--quiet); font-weight: 400; transition: rotate .15s }
.step[open] .title::after { rotate: 90deg }
.bar { position: relative; height: .5rem; border-radius: 1rem; background: var(--code) }
.bar span { position: absolute; top: 0; height: 100%; min-width: 3px; border-radius: 1rem; background: var(--tone) }
.inside { padding: .1rem .9rem .9rem 7.9rem } .inside > :first-child { margin-top: .4rem } .inside > p { margin: .5rem 0 }
.error { color: var(--bad); font-family: var(--mono); font-size: .9rem; white-space: pre-wrap } .suggests { color: var(--accent) }
.retries { color: var(--warn); font-size: .92em; padding-left: 1.4rem }
pre { margin: .5rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
.output { max-height: 26rem; overflow: auto; padding: .75rem .9rem; background: var(--code); border-radius: .4rem; line-height: 1.45; tab-size: 8 }
.stderr { color: var(--warn) } .skipped { color: var(--quiet); font-style: italic }
.evidence, .given { margin: .6rem 0 } .evidence summary, .given summary { cursor: pointer; color: var(--accent) }
figure { margin: .8rem 0 } img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: .4rem }
figcaption { font-size: .88em; color: var(--quiet) }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: .92rem }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
th { font: 500 .86rem var(--mono); color: var(--quiet); white-space: nowrap } td { overflow-wrap: anywhere }
footer { margin-top: 3rem; padding-bottom: 3rem; font-size: .88rem; color: var(--quiet) }
footer p { margin: .4rem 0; overflow-wrap: anywhere } footer p:first-child { padding-top: 1rem; border-top: 1px solid var(--line) }
footer p:first-child::before { content: ""; display: inline-block; width: .6rem; height: .6rem; margin-right: .5rem; border-radius: 50%; background: var(--tone) }
@media (max-width: 42rem) {
  body { font-size: 15px } header { padding-top: 1.5rem } header, main, footer { padding-inline: 1rem }
  .step > summary { grid-template-columns: 1.3rem minmax(0, 1fr) auto; gap: .2rem .5rem; padding: .6rem .75rem }
  .after { display: none } .bar { grid-column: 2 / -1; height: .35rem } .inside { padding-left: .75rem; padding-right: .75rem }
}
@media print {
  :root { --ground: #fff; --paper: #fff; --ink: #000; --quiet: #444; --line: #bbb; --code: #f4f4f4; --accent: #064555; --good: #0b5c38; --bad: #9a1410;
    --warn: #6b4500; --cool: #33506d; color-scheme: light }
  body { font-size: 10.5pt } header, main, footer { max-width: none; padding-inline: 0 } .output { max-height: none }
  details::details-content { content-visibility: visible; block-size: auto } .step { break-inside: avoid-page } h3 { break-after: avoid } .title::after { content: none }
  * { print-color-adjust: exact }
}
`
