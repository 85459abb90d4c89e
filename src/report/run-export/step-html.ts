import { formatDuration } from '../../base/index.ts'
import { formatBytes } from '../describe-run.ts'
import { type Html, html, raw, showGivenValue } from './html.ts'
import type { KeptFile, RunRecord } from './run-record.ts'
import { nameEnd, type OutputPart, type RunStory, type StepStory } from './story.ts'

/** Steps whose details are what one came for. */
const OPEN: readonly StepStory['status'][] = ['failed', 'timed-out', 'blocked', 'interrupted']

const SIGNS: Readonly<Record<StepStory['status'], string>> = {
  passed: '✓',
  failed: '✗',
  'ruled-out': '−',
  skipped: '○',
  blocked: '◌',
  cancelled: '■',
  'timed-out': '◷',
  interrupted: '■',
  running: '▸',
}

/** A step as a line of the timeline, with all that it said folded behind it. */
export function showStep(step: StepStory, story: RunStory, files: RunRecord['files']): Html {
  const { id, title, status, offset, seconds, reason, error, value, retries, suggestions, notes, evidence } = step
  const said = nameEnd(step)
  const place = error?.line === undefined ? '' : ` (line ${error.line} of the page)`
  const who = step.by === undefined ? '' : ` by ${step.by}`
  const inside: (Html | false | undefined)[] = [
    ...notes.map(({ text, loud }) => html`<p class="${loud ? 'alarm' : 'quiet'}">${text}</p>\n`),
    error &&
      html`<p class="error">${error.message}${place}${error.hint !== undefined && html`<br>${error.hint}`}</p>\n`,
    reason !== undefined && html`<p class="why">${reason}</p>\n`,
    ...suggestions.map(({ step: other, why }) => {
      const known = story.state.steps.find(one => one.id === other)?.title ?? other
      return html`<p class="suggests">→ <b>${known}</b>: ${why}</p>\n`
    }),
    retries.length > 0 &&
      html`<ol class="retries">${retries.map(({ attempt, error }) => html`<li value="${attempt}">${error.message}</li>\n`)}</ol>`,
    showOutput(step.output),
    step.kept && showKept(step.kept, files),
    value !== undefined && html`<h4>It gave</h4>${showGivenValue(value)}`,
    ...evidence.map(one => showEvidence(one, files)),
  ].filter(Boolean)
  const open = OPEN.includes(status) || notes.some(({ loud }) => loud)
  return html`<details class="step ${status}" id="${id}"${raw(open ? ' open' : '')}>
<summary>
<span class="after">+${formatDuration(offset * 1000)}</span>
<span class="sign" title="${said}">${SIGNS[status]}</span>
<span class="title">${title}${said !== 'passed' && html` <i>${said}</i>`}</span>
<span class="took">${formatDuration(seconds * 1000)}</span>
<span class="bar" aria-hidden="true"><span style="${placeBar(step, story.seconds)}"></span></span>
</summary>
<div class="inside"><p class="quiet"><time datetime="${step.time}">${step.time.slice(11, 19)} UTC</time>${who}</p>
${inside.length > 0 ? inside : html`<p class="quiet">No output.</p>`}</div>
</details>
`
}

function placeBar({ offset, seconds }: StepStory, total: number): string {
  const part = (time: number) => (total > 0 ? Math.min(100, (time / total) * 100) : 0)
  const left = Math.min(99, part(offset))
  return `left:${left.toFixed(2)}%;width:${Math.max(0.6, Math.min(100 - left, part(seconds))).toFixed(2)}%`
}

function showOutput(output: readonly OutputPart[]): Html | undefined {
  if (output.length === 0) return undefined
  const parts = joinParts(output).map(({ stream, text, skipped }) => [
    skipped !== undefined && html`<span class="skipped">… ${formatBytes(skipped)} more …\n</span>`,
    stream === 'stderr' ? html`<span class="stderr">${text}</span>` : html`${text}`,
  ])
  return html`<pre class="output" tabindex="0">${parts}</pre>\n`
}

/** Pieces of one stream as one: what hides a line that is written over must see it whole. */
function joinParts(output: readonly OutputPart[]): OutputPart[] {
  const joined: OutputPart[] = []
  for (const part of output) {
    const last = joined.at(-1)
    if (last?.stream === part.stream && part.skipped === undefined)
      joined[joined.length - 1] = { ...last, text: last.text + part.text }
    else joined.push(part)
  }
  return joined
}

function showKept(
  { file, bytes, kept, problem, sha256 }: NonNullable<StepStory['kept']>,
  files: RunRecord['files'],
): Html {
  const whole = kept < bytes ? `The first ${formatBytes(kept)} of ${formatBytes(bytes)}` : `All ${formatBytes(bytes)}`
  if (file === undefined)
    return html`<p class="quiet">Its output, ${formatBytes(bytes)}, was not kept: ${problem ?? ''}</p>\n`
  const link = files.get(file)?.link ?? file
  return html`<p class="quiet">${whole}: <a href="${link}">${file}</a>, SHA-256 <code>${sha256.slice(0, 16)}…</code>${problem !== undefined && `: ${problem}`}</p>\n`
}

function showEvidence({ name, file, value }: StepStory['evidence'][number], files: RunRecord['files']): Html {
  if (file === undefined) return html`<h4>Evidence: ${name}</h4>${showGivenValue(value ?? null)}`
  const kept: KeptFile = files.get(file) ?? { link: file }
  const size = kept.bytes === undefined ? 'gone' : formatBytes(kept.bytes)
  const link = html`<a href="${kept.link}">${file}</a> <span class="quiet">${size}</span>`
  if (kept.image) {
    const source = `data:${kept.image.type};base64,${kept.image.base64}`
    return html`<figure><img alt="${name}" src="${source}"><figcaption>${name}: ${link}</figcaption></figure>\n`
  }
  if (kept.text === undefined) return html`<p>Evidence ${name}: ${link}</p>\n`
  const cut = kept.bytes !== undefined && Buffer.byteLength(kept.text) < kept.bytes
  return html`<details class="evidence"><summary>Evidence: ${name} <span class="quiet">${size}</span></summary>
<pre class="output" tabindex="0">${kept.text}${cut && html`<span class="skipped">\n… the rest is in the file …</span>`}</pre>
<p>${link}</p></details>\n`
}
