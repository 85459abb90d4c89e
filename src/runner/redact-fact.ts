import type { AskedAlerts, RunFact } from '../journal/index.ts'
import type { Redaction } from '../secrets/index.ts'

/** What names a thing instead of telling of it: a word that is also somebody's password must not make a run unreadable. */
const NAMES: readonly string[] = [
  'type',
  'procedure',
  'path',
  'environment',
  'step',
  'suggests',
  'phase',
  'risk',
  'status',
  'stream',
  'outcome',
  'mode',
  'contentHash',
  'blockHash',
  'standing',
  'cures',
  'rollBack',
  'by',
  'process',
  'attempt',
  'seconds',
  'bytes',
  'kept',
  'sha256',
  'interrupted',
  'cwd',
  'only',
  'from',
  'rollsBack',
  'surroundings',
  'kind',
  'declared',
  'after',
  'alertNow',
  'basis',
  'hash',
  'person',
  'until',
  'choice',
  'key',
  'id',
]

/** A fact without secrets. Output is as it was: it is redacted as a stream, since a secret may be split between two pieces. */
export function redactFact(fact: RunFact, redaction: Redaction): RunFact {
  if (fact.type === 'step.output' || !redaction.needed) return fact
  const names = Object.fromEntries(Object.entries(fact).filter(([key]) => NAMES.includes(key)))
  const clean: RunFact = { ...redaction.value(fact), ...names }
  if (fact.type === 'run.finished' && clean.type === 'run.finished' && fact.alerts !== undefined)
    return { ...clean, alerts: redactAlerts(fact.alerts, redaction) }
  if (clean.type !== 'run.started' || fact.type !== 'run.started') return clean
  return { ...clean, steps: fact.steps.map(step => ({ ...step, title: redaction.text(step.title) })) }
}

/** Which alerts were asked for, and what became of it, are names; only what Alertmanager said is a text. */
function redactAlerts(alerts: AskedAlerts, redaction: Redaction): AskedAlerts {
  return alerts.asked === 'no-answer' ? { ...alerts, why: redaction.text(alerts.why) } : alerts
}
