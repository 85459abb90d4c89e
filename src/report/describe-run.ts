import pc from 'picocolors'
import type { Json, LeftProcess, RunEvent, RunState, StepStatus } from '../journal/index.ts'
import { explainEnding } from '../journal/pure.ts'
import { PHASES } from '../procedure/pure.ts'

/** Why a run ended as it did; it says no more than was measured. Nothing when its outcome says it all, or it has none yet. */
export function explainOutcome(
  run: Pick<RunState, 'ending'> | Extract<RunEvent, { type: 'run.finished' }>,
): string | undefined {
  const ending = 'type' in run ? run : run.ending
  return ending && explainEnding(ending)
}

/** What a run does that goes well, when it reverts its temporary changes: nothing was rolled back because of a failure. */
export const TEMPORARY = 'Revert temporary changes'

/** A phase's heading. */
export function nameOfPhase(phase: string): string {
  return PHASES.find(({ name }) => name === phase)?.title ?? phase
}

/** What a step left running, in a sentence. */
export function describeLeft(left: readonly LeftProcess[]): string {
  const named = left.slice(0, LIMIT).map(({ pid, command }) => `${shorten(command, 60)} (${pid})`)
  const more = left.length - named.length
  return `left running, and nobody hears how it ends: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The most processes that are named. */
const LIMIT = 5

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

/** A number of bytes for people, in powers of a thousand: `512 bytes`, `1.5 kB`, `105 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  let value = bytes
  let unit = -1
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}

/** Who somebody on an account that several people use said that they are. */
export function describeClaim({ person, by }: Extract<RunEvent, { type: 'run.claimed' }>): string {
  return `${person} runs this, as somebody on the account ${by.user}@${by.host} claimed; nobody proved it`
}

/** What a step silenced, or that it ended. */
export function describeSilence(event: Extract<RunEvent, { type: 'step.silenced' | 'step.unsilenced' }>): string {
  if (event.type === 'step.unsilenced') return `What #${event.step} silenced is not silenced any more`
  return `Silenced until ${event.until}: ${event.alerts.join(', ')} (${event.why})`
}

/** What somebody wrote down while a run went on. */
export function describeNote({ text, by }: Extract<RunEvent, { type: 'run.noted' }>): string {
  return `Note by ${by.user}@${by.host}: ${text}`
}

/** What somebody answered elsewhere than where a run goes on. */
export function describeAnswer({
  step,
  choice,
  reason,
  by,
}: Omit<Extract<RunEvent, { type: 'run.answered' }>, 'seq' | 'time' | 'run'>): string {
  return `${by.user}@${by.host} answered about #${step}: ${choice}${reason === undefined ? '' : `, because ${reason}`}`
}

/** A step's value, as bash would see it. */
export function formatValue(value: Json): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return shorten(JSON.stringify(value), 200)
  const pairs = Object.entries(value).map(
    ([key, part]) => `${key}=${typeof part === 'string' ? part : JSON.stringify(part)}`,
  )
  return shorten(pairs.join(' '), 400)
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

/** How a step ended, in words. One that passed and points to a step of Mitigate has found something; one that only passed has not. */
export function nameStatus(status: StepStatus, suggests: boolean): string {
  return status === 'passed' && suggests ? 'found' : status.replace('-', ' ')
}

/** A step's end in one character. */
export const SIGNS: Readonly<Record<StepStatus, string>> = {
  passed: pc.green('✓'),
  failed: pc.red('✗'),
  'ruled-out': pc.blue('−'),
  skipped: pc.dim('○'),
  blocked: pc.yellow('◌'),
  cancelled: pc.yellow('■'),
  'timed-out': pc.red('◷'),
  interrupted: pc.yellow('■'),
}
