import pc from 'picocolors'
import { formatDuration, makeVisible } from '../base/index.ts'
import type { ChangeMade, IncidentCard, IncidentView } from '../journal/index.ts'
import { formatClock, formatMoment } from './format-time.ts'
import { wrapText } from './wrap-text.ts'

/** An incident for a terminal: what one needs to know first, then who does what, what was changed, and what happened. */
export function formatIncident(view: IncidentView, now: Date, columns: number): string {
  const { id, environment, severity, sees, declared, declaredBy, closed, roles, offers, changes, unreverted } = view
  const wrap = (text: string, indent = '') =>
    wrapText(makeVisible(text), columns - indent.length).map(line => indent + line)
  const head = `${severity ?? 'Severity not said yet'} in ${environment}, ${closed ? 'closed' : 'open'}`
  const lines = [
    pc.bold(closed ? head : pc.red(head)),
    ...wrap(`Customers see: ${sees ?? 'nobody has said it yet'}`),
    `Since       ${formatMoment(declared, now)}, for ${sayFor(declared, closed ? new Date(closed.time) : now)}; declared by ${declaredBy}`,
    `Commander   ${roles.commander ?? 'nobody'}${sayOffer(offers.commander)}`,
    `Acts        ${roles.acts ?? 'nobody'}${sayOffer(offers.acts)}`,
    `Talks       ${roles.talks ?? 'nobody'}${sayOffer(offers.talks)}`,
    ...(closed ? [`Closed      ${formatMoment(closed.time, now)} by ${closed.by}`] : [sayDue(view, now)]),
    ...(closed?.reason === undefined ? [] : wrap(closed.reason, '            ')),
    '',
    pc.bold('Changed since'),
    ...(changes.length === 0 ? ['No run changed anything.'] : changes.flatMap(change => wrap(sayChange(change), '  '))),
    ...unreverted.flatMap(({ run }) => pc.yellow(`  Roll back what is left: handbook runs roll-back ${run}`)),
    '',
    pc.bold('Open questions'),
    ...listQuestions(view).flatMap(text => wrap(text, '  ')),
    '',
    pc.bold('Timeline'),
    ...view.timeline.flatMap(({ id, time, text, by, pinned }) => {
      const [first = '', ...rest] = wrap(`${text}${by === undefined ? '' : ` · ${by}`}`).flatMap(line =>
        wrapText(line, columns - 12),
      )
      const mark = pinned ? pc.yellow('★') : ' '
      return [
        `${formatClock(time)} ${mark} ${first}${pc.dim(`  ${/^i\d+$/.test(id) ? id : ''}`)}`.trimEnd(),
        ...rest.map(line => `           ${line}`),
      ]
    }),
    ...(view.damaged === undefined ? [] : ['', ...wrap(`Not all of it can be read: ${view.damaged}`).map(pc.red)]),
    '',
    pc.dim(`Incident ${id}`),
  ]
  return `${lines.join('\n')}\n`
}

/** A line for each incident. */
export function formatIncidents(cards: readonly IncidentCard[], now: Date): string {
  return cards
    .map(({ id, environment, declared, severity = 'severity not said', sees, commander, closed, due }) => {
      const state = closed === undefined ? `open for ${sayFor(declared, now)}` : 'closed'
      const overdue = due !== undefined && Date.parse(due) < now.getTime() ? pc.red('  a word is overdue') : ''
      const said = sees === undefined ? '' : `\n    ${makeVisible(sees)}`
      return `${id}  ${severity} in ${environment}, ${state}, ${commander ?? 'nobody'} commands${overdue}${said}\n`
    })
    .join('')
}

function sayOffer(to: string | undefined): string {
  return to === undefined ? '' : `; handed to ${to}, who has not accepted it yet`
}

/** When the next word is due; an overdue one is red, and says so. */
function sayDue({ due, word }: IncidentView, now: Date): string {
  const last = word === undefined ? 'none was given' : `the last one at ${formatClock(word.time)}`
  if (due === undefined) return `Next word   not promised; ${last}`
  const late = now.getTime() - Date.parse(due)
  const text = `Next word   ${formatClock(due)}; ${last}`
  return late > 0 ? pc.red(`${text}. OVERDUE for ${sayFor(due, now)}`) : text
}

function sayChange({ run, title, by, time, state }: ChangeMade): string {
  const how = { stands: 'stands', reverted: 'reverted', open: 'not seen to end well: it may be partially done' }[state]
  return `${formatClock(time)} ${title}: ${how}. ${by}, run ${run}`
}

function listQuestions({ questions }: IncidentView): string[] {
  const open = questions.filter(({ answer }) => answer === undefined)
  return open.length === 0 ? ['None.'] : open.map(({ id, text, by }) => `${id}: ${text} (${by})`)
}

function sayFor(from: string, to: Date): string {
  const minutes = Math.max(0, Math.floor((to.getTime() - Date.parse(from)) / 60_000))
  return minutes === 0 ? 'less than a minute' : formatDuration(minutes * 60_000)
}
