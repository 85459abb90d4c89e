import { explainOutcome } from '../explain-outcome.ts'
import type { RunRecord } from './run-record.ts'
import { type Approval, tellRun } from './run-story.ts'

/** A run as one JSON document: what it is, what its ledger is worth, and every step with what it said. */
export function formatRunJson(record: RunRecord): string {
  const { state, steps, ...story } = tellRun(record)
  const { badLine, head, events, outcome } = record
  const { steps: _, start: __, ending, ...run } = state
  const why = explainOutcome(state)
  return `${JSON.stringify(
    {
      ...run,
      outcome,
      ...(why === undefined ? {} : { why }),
      path: story.path,
      mode: story.mode,
      params: Object.fromEntries(story.params),
      target: Object.fromEntries(story.target),
      approvals: story.approvals.filter(({ reason }) => reason === undefined),
      unapproved: state.unapproved.map(one => ({ ...one, ...findTime(story.approvals, one.step) })),
      ...(ending?.earlier ? { earlier: ending.earlier } : {}),
      ledger: {
        verified: badLine === undefined,
        head,
        events: events.length,
        ...(badLine === undefined ? {} : { badLine }),
      },
      notes: story.notes,
      steps: steps.map(({ kept, ...step }) => ({ ...step, ...(kept ? { keptOutput: kept } : {}) })),
      notRun: story.notRun,
    },
    null,
    2,
  )}\n`
}

function findTime(approvals: readonly Approval[], step: string): { readonly time?: string } {
  const time = approvals.find(one => one.step === step && one.reason !== undefined)?.time
  return time === undefined ? {} : { time }
}
