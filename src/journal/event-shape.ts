import type { RunEvent } from './event.ts'

/** Whether this version can read an event: it knows its type, and finds in it what it needs. */
export function isKnownEvent(value: unknown): value is RunEvent {
  return isRecord(value) && isKnownType(value.type) && ANY(value) && SHAPES[value.type](value)
}

/** What this version cannot read of a ledger, in words. */
export function describeUnknown(line: number, value: unknown): string {
  const type = isRecord(value) && typeof value.type === 'string' ? value.type : undefined
  const what =
    type === undefined
      ? 'has no type'
      : isKnownType(type)
        ? `is a “${type}” in a form that this version does not know`
        : `is a “${type}”, which this version does not know`
  return `event ${line} ${what}: a newer version of handbook wrote it`
}

type Check = (value: unknown) => boolean

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text: Check = value => typeof value === 'string'
const number: Check = value => typeof value === 'number'
const record: Check = isRecord
const time: Check = value => typeof value === 'string' && !Number.isNaN(Date.parse(value))
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const oneOf =
  (...words: readonly string[]): Check =>
  value =>
    typeof value === 'string' && words.includes(value)
/** A record with these, and perhaps with those. */
const shape =
  (needed: Readonly<Record<string, Check>>, maybe: Readonly<Record<string, Check>> = {}): Check =>
  value =>
    isRecord(value) &&
    Object.entries(needed).every(([key, check]) => check(value[key])) &&
    Object.entries(maybe).every(([key, check]) => value[key] === undefined || check(value[key]))

const ANY = shape({ seq: number, time, run: text })
const actor = shape({ user: text, host: text, pid: number })
const error = shape({ message: text })
const undoing = listOf(shape({ step: text }))

const SHAPES: { readonly [T in RunEvent['type']]: Check } = {
  'run.started': shape(
    {
      procedure: text,
      path: text,
      title: text,
      environment: text,
      target: record,
      params: record,
      contentHash: text,
      by: actor,
      steps: listOf(shape({ id: text, title: text, phase: text }, { meta: record })),
    },
    {
      given: record,
      kind: text,
      declared: record,
      surroundings: record,
      alert: shape({ name: text, asked: oneOf('fires', 'not-firing', 'nobody', 'no-answer') }),
      unasked: value => value === true,
      after: listOf(shape({ run: text }, { head: text, folder: text, seq: number })),
    },
  ),
  'run.resumed': shape({ by: actor }, { interrupted: shape({ step: text }), accepted: listOf(text) }),
  'run.claimed': shape({ person: text, by: actor }),
  'run.noted': shape({ text, by: actor, key: text }),
  'run.answered': shape({ step: text, choice: text, by: actor }, { reason: text }),
  'run.warned': shape({ message: text }, { beside: record }),
  'phase.started': shape({ phase: text }),
  'step.started': shape({ step: text, attempt: number, risk: oneOf('read', 'change', 'danger') }),
  'step.supervised': shape({ step: text, process: shape({ pid: number, start: text }) }),
  'step.planned': shape({ step: text, by: text, items: listOf(text), hash: text, until: time }),
  'step.approved': shape(
    { step: text, by: text, text, signature: text },
    { beforehand: shape({ role: text, max: number }) },
  ),
  'step.unapproved': shape({ step: text, reason: text, by: actor }),
  'step.output': shape({ step: text, stream: oneOf('stdout', 'stderr'), text }),
  'step.output-kept': shape({ step: text, bytes: number, kept: number, sha256: text }),
  'step.suggested': shape({ step: text, suggests: text, why: text }),
  'step.silenced': shape({ step: text, id: text, alerts: listOf(text), until: time, why: text }),
  'step.unsilenced': shape({ step: text, id: text }),
  'step.evidence': shape({ step: text, evidence: shape({ name: text }) }),
  'step.retrying': shape({ step: text, attempt: number, error }),
  'step.finished': shape(
    {
      step: text,
      status: oneOf('passed', 'failed', 'ruled-out', 'skipped', 'blocked', 'cancelled', 'timed-out', 'interrupted'),
      seconds: number,
    },
    { reason: text, error, left: listOf(shape({ pid: number, command: text })) },
  ),
  'run.waiting': shape({ for: oneOf('confirmation', 'approval'), message: text }),
  'run.finished': shape(
    {
      outcome: oneOf('healed', 'passed', 'ruled-out', 'inconclusive', 'failed', 'cancelled', 'interrupted'),
      seconds: number,
      standing: undoing,
      rollBack: listOf(text),
    },
    {
      reason: text,
      refused: text,
      cures: undoing,
      earlier: listOf(shape({ run: text, started: text })),
      alerts: shape({ asked: oneOf('none-fires', 'fires', 'nobody', 'no-answer', 'no-alerts') }),
      alertNow: shape(
        { name: text, now: oneOf('gone', 'fires', 'not-firing', 'unknown') },
        { began: oneOf('fires', 'not-firing', 'unknown') },
      ),
      basis: record,
    },
  ),
}

function isKnownType(type: unknown): type is RunEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(SHAPES, type)
}
