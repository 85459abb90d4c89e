import { formatDuration } from '../../base/index.ts'
import { isBroken } from '../../journal/index.ts'
import { explainOutcome } from '../describe-run.ts'
import { type Html, html, raw, STYLE, showValues } from './html.ts'
import { checkOf, describeLedger, type RunRecord, sayStartAlert } from './run-record.ts'
import { listEarlier, tellRun } from './run-story.ts'
import { showStep } from './step-html.ts'
import { CHANGING, type RunStory } from './story.ts'

/**
 * A run as one HTML file that needs nothing else: no script, no font, no network. Whatever its texts hold is shown and never obeyed.
 * Read on a screen, on a phone, in the dark and on paper.
 */
export function formatRunHtml(record: RunRecord): string {
  const story = tellRun(record)
  const { state } = story
  const why = explainOutcome(state)
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${state.title}: ${record.outcome}, ${state.started.slice(0, 10)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header class="${toneOf(record.outcome)}">
<p class="where">${state.environment} <span>·</span> ${state.started.slice(0, 10)}</p>
<h1>${state.title}</h1>
<p class="outcome"><b>${record.outcome.replace('-', ' ')}</b> after ${formatDuration(story.seconds * 1000)}</p>
${why !== undefined && html`<p class="reason">${why}</p>`}
<dl class="facts">
<div><dt>Run</dt><dd><code>${state.id}</code></dd></div>
<div><dt>Who</dt><dd>${state.by ? `${state.by.user}@${state.by.host}` : 'unknown'}, ${story.mode}</dd></div>
<div><dt>Began</dt><dd><time datetime="${state.started}">${state.started.slice(11, 19)} UTC</time></dd></div>
<div><dt>Alert</dt><dd>${sayStartAlert(state)}</dd></div>
<div><dt>Page</dt><dd><code>${story.path}</code></dd></div>
</dl>
</header>
<main>
${listAlarms(story, record).map(words => html`<p class="alarm" role="alert">${words}</p>\n`)}
${sumUp(story)}
<section aria-labelledby="timeline">
<h2 id="timeline">What happened</h2>
${listNotes(story)}
${story.steps.map((step, index) => [
  step.phase !== story.steps[index - 1]?.phase && html`<h3>${step.phase}</h3>\n`,
  showStep(step, story, record.files),
])}
${showNotRun(story)}
</section>
${showGiven(story)}
</main>
<footer>
<p class="${toneOfLedger(record)}">${describeLedger(record)}</p>
<p>Times are UTC. The page that ran: <code>${state.contentHash.slice(0, 16)}</code>, its SHA-256. Look again with
<code>handbook runs show ${state.id}</code></p>
</footer>
</body>
</html>`.html
  }\n`
}

function toneOf(outcome: RunRecord['outcome']): string {
  if (outcome === 'healed' || outcome === 'passed' || outcome === 'ruled-out') return 'good'
  return outcome === 'running' ? 'open' : 'bad'
}

function toneOfLedger(record: RunRecord): string {
  const check = checkOf(record)
  return isBroken(check) ? 'bad' : check.state === 'anchored' ? 'good' : 'open'
}

/** What must not be overlooked. */
function listAlarms({ steps }: RunStory, record: RunRecord): string[] {
  return [
    ...(isBroken(checkOf(record)) ? [describeLedger(record)] : []),
    ...steps.flatMap(step => step.notes.filter(({ loud }) => loud).map(({ text }) => `“${step.title}”. ${text}`)),
    ...[...record.files].flatMap(([path, { changed }]) =>
      changed ? [`${path} does not match the ledger: it was changed afterwards.`] : [],
    ),
  ]
}

function sumUp(story: RunStory): Html {
  const { steps, state } = story
  const titleOf = (id: string) => state.steps.find(step => step.id === id)?.title ?? id
  const found = steps.flatMap(step =>
    step.suggestions.map(({ step: id, why }) => html`<li><b>${titleOf(id)}</b>: ${why}</li>`),
  )
  const out = steps.flatMap(step =>
    step.status === 'ruled-out'
      ? html`<li class="quiet">${step.title} Ruled out${step.reason !== undefined && `: ${step.reason}`}</li>`
      : [],
  )
  const done = steps.flatMap(step =>
    CHANGING.includes(step.phase) && step.status !== 'skipped'
      ? html`<li>${step.title} <span class="quiet">${step.status}</span></li>`
      : [],
  )
  const standing = state.standing.map(({ step, undoneBy }) => {
    return html`<li>${titleOf(step)}${undoneBy !== undefined && html` <span class="quiet">can be rolled back by “${titleOf(undoneBy)}”</span>`}</li>`
  })
  const cures = state.cures.map(
    ({ step, undoneBy, when }) =>
      html`<li>${titleOf(step)} <span class="quiet">only when ${when}:</span> <code>handbook runs roll-back ${state.id} --step ${undoneBy}</code></li>`,
  )
  const approvals = story.approvals.map(
    ({ step, time, by, reason }) =>
      html`<li>${titleOf(step)} <span class="quiet">${reason === undefined ? 'approved by' : 'without an approval, by'} ${by}, ${time.slice(11, 19)} UTC${reason !== undefined && `: ${reason}`}</span></li>`,
  )
  const earlier = listEarlier(state.ending).map(text => html`<li>${text}</li>`)
  const columns = [
    { title: 'Found', items: [...found, ...out] },
    { title: 'Done', items: done },
    { title: 'Approvals', items: approvals },
    { title: 'Unreverted changes', items: standing },
    { title: 'Undo only on a condition', items: cures },
    { title: 'Unreverted changes of earlier runs', items: earlier },
  ].filter(({ items }) => items.length > 0)
  if (columns.length === 0) return html``
  const command = `handbook runs roll-back ${state.id}`
  return html`<section class="sum">
${columns.map(
  ({ title, items }) => html`<div><h2>${title}</h2><ul>${items}</ul>
${title === 'Unreverted changes' && state.rollBack.length > 0 && html`<p><code>${command}</code></p>`}</div>\n`,
)}
</section>`
}

function listNotes({ notes }: RunStory): Html | undefined {
  if (notes.length === 0) return undefined
  const items = notes.map(
    ({ time, text }) => html`<li><time datetime="${time}">${time.slice(11, 19)} UTC</time> ${text}</li>\n`,
  )
  return html`<ul class="notes">${items}</ul>`
}

function showNotRun({ notRun }: RunStory): Html | undefined {
  if (notRun.length === 0) return undefined
  return html`<p class="quiet">Not run: ${notRun.map(({ title }) => title).join(' · ')}</p>`
}

function showGiven({ params, target }: RunStory): Html | undefined {
  if (params.length + target.length === 0) return undefined
  return html`<section><h2>What it was given</h2>
<details class="given"><summary>Parameters, and facts of the target</summary>
${showValues([...params, ...target])}</details></section>`
}
