import { formatJson } from '../../base/index.ts'
import { explainOutcome } from '../describe-run.ts'
import { checkOf, type RunRecord } from './run-record.ts'
import { tellRun } from './run-story.ts'
import type { Approval } from './story.ts'

/** A run as one JSON document: what it is, what its ledger is worth, and every step with what it said. */
export function formatRunJson(record: RunRecord): string {
  const { state, steps, ...story } = tellRun(record)
  const { badLine, head, events, outcome } = record
  const { steps: _, start: __, ending, ...run } = state
  const why = explainOutcome(state)
  return `${formatJson(
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
      ...(ending?.moreEarlier === undefined ? {} : { moreEarlier: ending.moreEarlier }),
      ledger: {
        verified: checkOf(record).state === 'anchored',
        ...describeState(record),
        head,
        events: events.length,
        ...(badLine === undefined ? {} : { badLine }),
      },
      notes: story.notes,
      steps: steps.map(({ kept, ...step }) => ({ ...step, ...(kept ? { keptOutput: kept } : {}) })),
      notRun: story.notRun,
    },
    2,
  )}\n`
}

function findTime(approvals: readonly Approval[], step: string): { readonly time?: string } {
  const time = approvals.find(one => one.step === step && one.reason !== undefined)?.time
  return time === undefined ? {} : { time }
}

/** `consistent` says that the chain holds; only `anchored`, that somebody has seen it so: that is what `verified` means. */
function describeState(record: RunRecord): object {
  const check = checkOf(record)
  switch (check.state) {
    case 'anchored':
      return { state: check.state, by: check.by, anchoredEvents: check.events }
    case 'contradicted':
      return { state: check.state, by: check.by, why: check.why }
    case 'empty':
    case 'newer':
      return { state: check.state, why: check.why }
    case 'changed':
    case 'consistent':
      return { state: check.state }
    default:
      return check satisfies never
  }
}
