import { countOf } from '../base/index.ts'
import type { Recording, RunStore } from './run-store.ts'

/** A head that somebody has of a run's ledger: a proof, an export, a colleague. */
export interface GivenHead {
  /** Who has it, in words. */
  readonly by: string
  /** The hash, or at least its first twelve digits. */
  readonly head: string
}

/** What a ledger's chain is worth, and against what that was seen. */
export type LedgerCheck =
  /** A line is not what was written, from this one on. */
  | { readonly state: 'changed'; readonly line: number }
  /** Not one whole event is in it. */
  | { readonly state: 'empty'; readonly why: string }
  /** Its chain holds, and this version cannot read all of it. */
  | { readonly state: 'newer'; readonly why: string }
  /** It is consistent in itself, and not what somebody has seen of it. */
  | { readonly state: 'contradicted'; readonly by: string; readonly why: string }
  /** Somebody has seen its first so many events. */
  | {
      readonly state: 'anchored'
      readonly by: readonly string[]
      readonly events: number
      readonly of: number
      /** The number of the half line at its end, if there is one. */
      readonly incomplete?: number
    }
  /** Nobody has seen it: whoever can write it can have made it anew. */
  | { readonly state: 'consistent'; readonly of: number; readonly incomplete?: number }

/**
 * Checks a run's ledger: line by line, then against the heads that later runs of the store know of it, then against given heads. Ledgers
 * of before remember nothing, and nothing is held against a run for that.
 */
export async function checkLedger(
  store: Pick<RunStore, 'readLedger' | 'heldHeads'>,
  { run, badLine, torn, events, newer }: Recording,
  given: readonly GivenHead[] = [],
): Promise<LedgerCheck> {
  if (badLine !== undefined && !torn) return { state: 'changed', line: badLine }
  if (events.length === 0 && newer === undefined)
    return { state: 'empty', why: torn ? 'it has not one whole line' : 'nothing was written, or all was removed' }
  if (events.length > 0 && events[0]?.type !== 'run.started') return { state: 'changed', line: 1 }
  const chain = [...(await store.readLedger(run)).toString('latin1').matchAll(LINE)].flatMap(([, hash]) => hash ?? [])
  const seen: { readonly by: string; readonly events: number }[] = []
  // Of a clock that was set back meanwhile, the latest time counts.
  const latest =
    events
      .map(({ time }) => time)
      .toSorted()
      .at(-1) ?? ''
  const ended = events.at(-1)?.type === 'run.finished' ? latest : undefined
  const host = events[0]?.type === 'run.started' ? events[0].by.host : undefined
  for (const { by, head, known, time, host: there } of await store.heldHeads(run)) {
    const name = `run ${by}`
    if (!known) {
      // Two machines' clocks may differ, and a run that was under way may not have been there yet.
      if (ended !== undefined && ended < time && there === host)
        return { state: 'contradicted', by: name, why: `${name} began after its end, and does not know it` }
      continue
    }
    if (head === undefined) continue
    const at = chain.indexOf(head)
    if (at < 0) return contradict(name, head)
    seen.push({ by: name, events: at + 1 })
  }
  for (const { by, head } of given) {
    const at = chain.findIndex(hash => hash.startsWith(head))
    if (at < 0) return contradict(by, head)
    seen.push({ by, events: at + 1 })
  }
  if (newer !== undefined) return { state: 'newer', why: newer }
  const cut = torn && badLine !== undefined ? { incomplete: badLine } : {}
  const most = Math.max(0, ...seen.map(({ events }) => events))
  if (most === 0) return { state: 'consistent', of: events.length, ...cut }
  const by = [...new Set(seen.filter(({ events }) => events === most).map(({ by }) => by))]
  return { state: 'anchored', by, events: most, of: events.length, ...cut }
}

const LINE = /,"chain":"([0-9a-f]{64})"\}\n/g

function contradict(by: string, head: string): LedgerCheck {
  return {
    state: 'contradicted',
    by,
    why: `${by} has the head ${head.slice(0, 12)} of it, and that is not in its chain: it was cut, or made anew`,
  }
}

/** What a ledger is worth, in a sentence without its full stop; `verified` is said of nothing without the word against what. */
export function describeLedgerCheck(check: LedgerCheck): string {
  const cut = 'incomplete' in check ? `; ${describeIncomplete(check.incomplete)}` : ''
  return `${describeState(check)}${cut}`
}

/** That a ledger ends with half a line, in the words of every command. */
export function describeIncomplete(line: number): string {
  return `line ${line} is incomplete: its writer ended while it was writing`
}

function describeState(check: LedgerCheck): string {
  switch (check.state) {
    case 'changed':
      return `changed at line ${check.line}: nothing from that line on can be trusted`
    case 'empty':
      return `empty: ${check.why}`
    case 'newer':
      return `unknown: ${check.why}`
    case 'contradicted':
      return `consistent in itself, and contradicted: ${check.why}`
    case 'anchored': {
      const { by, events, of } = check
      const [first = '', ...more] = by
      const who = more.length === 0 ? first : `${first} and ${more.length} more`
      return events === of
        ? `verified against the head that ${who} has: ${of === 1 ? 'its one event' : `all ${of} events`}`
        : `verified against the head that ${who} has: the first ${events} of ${countOf(of, 'event')}; the others are consistent, not anchored`
    }
    case 'consistent':
      return `consistent, not anchored: ${countOf(check.of, 'event')}, and nobody else has a head of it`
    default:
      return check satisfies never
  }
}

/** Whether a ledger is not what it was, or cannot be read: nobody knows then what it was. */
export function isBroken({ state }: LedgerCheck): boolean {
  return state !== 'anchored' && state !== 'consistent'
}
