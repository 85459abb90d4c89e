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
  /** It is consistent in itself, and not what somebody has seen of it. */
  | { readonly state: 'contradicted'; readonly by: string; readonly why: string }
  /** Somebody has seen its first so many events. */
  | { readonly state: 'anchored'; readonly by: readonly string[]; readonly events: number; readonly of: number }
  /** Nobody has seen it: whoever can write it can have made it anew. */
  | { readonly state: 'consistent'; readonly of: number }

/**
 * Checks a run's ledger: line by line, then against the heads that later runs of the store know of it, then against a given head. Ledgers
 * of before remember nothing, and nothing is held against a run for that.
 */
export async function checkLedger(
  store: Pick<RunStore, 'readLedger' | 'heldHeads'>,
  { run, badLine, torn, events }: Recording,
  given?: GivenHead,
): Promise<LedgerCheck> {
  if (badLine !== undefined && !torn) return { state: 'changed', line: badLine }
  const chain = [...(await store.readLedger(run)).toString('latin1').matchAll(LINE)].flatMap(([, hash]) => hash ?? [])
  const seen: { readonly by: string; readonly events: number }[] = []
  const last = events.at(-1)
  const ended = last?.type === 'run.finished' ? last.time : undefined
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
  if (given !== undefined) {
    const at = chain.findIndex(hash => hash.startsWith(given.head))
    if (at < 0) return contradict(given.by, given.head)
    seen.push({ by: given.by, events: at + 1 })
  }
  const most = Math.max(0, ...seen.map(({ events }) => events))
  if (most === 0) return { state: 'consistent', of: events.length }
  const by = seen.filter(({ events }) => events === most).map(({ by }) => by)
  return { state: 'anchored', by, events: most, of: events.length }
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
  switch (check.state) {
    case 'changed':
      return `changed at line ${check.line}: nothing from that line on can be trusted`
    case 'contradicted':
      return `consistent in itself, and contradicted: ${check.why}`
    case 'anchored': {
      const { by, events, of } = check
      const [first = '', ...more] = by
      const who = more.length === 0 ? first : `${first} and ${more.length} more`
      return events === of
        ? `verified against the head that ${who} has: all ${of} events`
        : `verified against the head that ${who} has: the first ${events} of ${of} events; the others are consistent, not anchored`
    }
    case 'consistent':
      return `consistent, not anchored: ${check.of} events, and nobody else has a head of it`
    default:
      return check satisfies never
  }
}

/** Whether a ledger is not what it was. */
export function isBroken(check: LedgerCheck): boolean {
  return check.state === 'changed' || check.state === 'contradicted'
}
