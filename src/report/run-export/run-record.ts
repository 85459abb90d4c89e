import {
  describeLedgerCheck,
  describeStartAlert,
  type LedgerCheck,
  type Outcome,
  type RunEvent,
  type RunState,
} from '../../journal/index.ts'

/** A run as it is exported: its events, what its ledger is worth, and the files that it kept. */
export interface RunRecord {
  readonly events: readonly RunEvent[]
  /** How it ended, or `running`. */
  readonly outcome: Outcome | 'running'
  /** The hash that the ledger's chain ends with. */
  readonly head: string
  /** The first line of the ledger that is not what was written; events from there on are left out. */
  readonly badLine?: number
  /** What the ledger was verified against, when it was. */
  readonly check?: LedgerCheck
  /** What is known of kept files, by the path that events give. */
  readonly files: ReadonlyMap<string, KeptFile>
}

/** A file that a run kept. */
export interface KeptFile {
  /** Where a reader of the export finds it. */
  readonly link: string
  /** Its size; missing when it is gone. */
  readonly bytes?: number
  /** Its text, or the first part of it; missing when it is no text. */
  readonly text?: string
  /** A picture of this type, as base64. */
  readonly image?: { readonly type: string; readonly base64: string }
  /** Whether it is still what the ledger says of it, where that says something. */
  readonly changed?: boolean
}

/** The alert that a run was started for; that none was named is no word about alerts. */
export function sayStartAlert({ alert }: Pick<RunState, 'alert'>): string {
  return alert === undefined ? 'It is not recorded which alert this run was started for' : describeStartAlert(alert)
}

/** What the ledger is worth: an export that nothing was held against says so. */
export function checkOf({ check, badLine, events }: RunRecord): LedgerCheck {
  if (badLine !== undefined) return { state: 'changed', line: badLine }
  return check ?? { state: 'consistent', of: events.length }
}

/** What the ledger is worth, in sentences. */
export function describeLedger(record: RunRecord): string {
  const check = checkOf(record)
  return check.state === 'changed'
    ? `The ledger was changed at line ${check.line}. Nothing from that line on can be trusted, and it is left out.`
    : `The ledger is ${describeLedgerCheck(check)}. Chain head ${record.head}.`
}
