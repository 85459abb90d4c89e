import {
  type Actor,
  describeChange,
  describeMore,
  foldRun,
  type RunEvent,
  type RunState,
  type StepError,
} from '../../journal/index.ts'
import {
  describeAnswer,
  describeClaim,
  describeLeft,
  describeNote,
  describeSilence,
  nameOfPhase,
  TEMPORARY,
} from '../describe-run.ts'
import type { RunRecord } from './run-record.ts'
import type { Approval, Note, OutputPart, RunStory, StepStory } from './story.ts'

type Draft = { -readonly [K in keyof StepStory]: StepStory[K] } & {
  output: OutputPart[]
  retries: { attempt: number; error: StepError }[]
  suggestions: { step: string; why: string }[]
  evidence: StepStory['evidence'][number][]
  notes: Note[]
}

/** Tells a run from its events. */
export function tellRun({ events, outcome }: Pick<RunRecord, 'events' | 'outcome'>): RunStory {
  const state = foldRun(events)
  const steps: Draft[] = []
  const notes: Note[] = []
  const approvals: Approval[] = []
  let actor: string | undefined
  let reverting = false
  const begun = Date.parse(state.started)
  const since = (time: string) => Math.max(0, Date.parse(time) - begun) / 1000
  const started = events.find(event => event.type === 'run.started')
  const open = (event: RunEvent & { readonly step: string }): Draft => {
    const last = steps.findLast(({ id }) => id === event.step)
    if (last?.status === 'running') return last
    const known = state.steps.find(({ id }) => id === event.step)
    const draft: Draft = {
      id: event.step,
      title: known?.title ?? event.step,
      phase: reverting && known?.phase === 'roll-back' ? TEMPORARY : nameOfPhase(known?.phase ?? ''),
      status: 'running',
      ...(actor === undefined ? {} : { by: actor }),
      time: event.time,
      offset: since(event.time),
      seconds: 0,
      output: [],
      retries: [],
      suggestions: [],
      evidence: [],
      notes: [],
    }
    steps.push(draft)
    return draft
  }
  for (const event of events) {
    const note = (text: string, loud = false): Note => ({ time: event.time, text, loud })
    switch (event.type) {
      case 'run.warned':
        notes.push(note(event.message))
        break
      case 'run.noted':
        notes.push(note(describeNote(event)))
        break
      case 'run.answered':
        notes.push(note(describeAnswer(event)))
        break
      case 'run.claimed':
        notes.push(note(describeClaim(event)))
        break
      case 'run.resumed':
        actor = nameActor(event.by)
        notes.push(note(`Resumed by ${actor}`))
        for (const text of event.accepted ?? []) notes.push(note(`${actor} accepted: ${text}`))
        break
      case 'step.started':
        open(event).risk = event.risk
        break
      case 'step.planned':
        notes.push(note(describePlan(event)))
        break
      case 'step.approved':
        approvals.push({ step: event.step, time: event.time, by: event.by })
        open(event).notes.push(note(`Approved by ${event.by}`))
        break
      case 'step.unapproved': {
        const by = nameActor(event.by)
        approvals.push({ step: event.step, time: event.time, by, reason: event.reason })
        const text = `Break glass: ${by} ran this without an approval. ${event.reason}`
        open(event).notes.push(note(text, true))
        break
      }
      case 'step.output': {
        const { stream, text, skipped } = event
        open(event).output.push({ stream, text, ...(skipped === undefined ? {} : { skipped }) })
        break
      }
      case 'step.output-kept':
        open(event).kept = event
        break
      case 'step.suggested':
        open(event).suggestions.push({ step: event.suggests, why: event.why })
        break
      case 'step.silenced':
      case 'step.unsilenced':
        open(event).notes.push(note(describeSilence(event)))
        break
      case 'step.evidence':
        open(event).evidence.push(event.evidence)
        break
      case 'step.retrying':
        open(event).retries.push({ attempt: event.attempt, error: event.error })
        break
      case 'step.finished': {
        const { status, seconds, value, reason, error } = event
        const draft = open(event)
        Object.assign(draft, { status, seconds: Math.max(0, seconds) }, dropUndefined({ value, reason, error }))
        if (event.left) draft.notes.push(note(describeLeft(event.left), true))
        break
      }
      case 'run.started':
        actor = nameActor(event.by)
        break
      case 'phase.started':
        reverting = event.temporary ?? false
        break
      case 'run.finished':
      case 'run.waiting':
      case 'step.supervised':
        break
      default:
        event satisfies never
    }
  }
  const last = events.at(-1)
  const between = last ? since(last.time) : 0
  // Where the clock was set back, the runner's own measure counts.
  const seconds = state.clockSetBack ? Math.max(state.took ?? 0, between) : between
  for (const step of steps.filter(({ status }) => status === 'running')) {
    step.seconds = Math.max(0, seconds - step.offset)
    if (outcome !== 'running') step.status = 'interrupted'
  }
  const taken = new Set(steps.map(({ id }) => id))
  return {
    state,
    params: Object.entries(started?.params ?? {}),
    target: Object.entries(started?.target ?? {}),
    path: started?.path ?? '',
    mode: started?.mode ?? 'auto',
    seconds,
    steps,
    notRun: state.steps
      .filter(({ id }) => !taken.has(id))
      .map(({ id, title, phase }) => ({ id, title, phase: nameOfPhase(phase) })),
    notes,
    approvals,
  }
}

function describePlan({ step, by, items, hash }: Extract<RunEvent, { type: 'step.planned' }>): string {
  const named = items.slice(0, 20).join(', ')
  return `Planned for #${step}: ${items.length} of #${by}, no more (SHA-256 ${hash.slice(0, 16)}): ${named}${items.length > 20 ? ', …' : ''}`
}

/** What earlier runs left unreverted, in a sentence each. */
export function listEarlier(ending: RunState['ending']): string[] {
  const { earlier = [], moreEarlier } = ending ?? {}
  return [...earlier.map(describeChange), ...(moreEarlier === undefined ? [] : [describeMore(moreEarlier)])]
}

function nameActor({ user, host }: Actor): string {
  return `${user}@${host}`
}

function dropUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
