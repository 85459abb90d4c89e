import type { HandbookFile, Rota } from '../../environments/index.ts'
import type { OnCall } from './read-on-call.ts'

/** Somebody who answers the telephone. */
export interface Call {
  readonly team: string
  readonly name: string
  readonly telephone: string
  /** Minutes without an answer of those of the team who come before. */
  readonly after: number
}

/** Whom to call now. Nothing stands here that was not read. */
export interface Calls {
  readonly state: OnCall['state']
  /** Why the rota is unknown. */
  readonly why?: string
  /** ISO 8601, UTC. */
  readonly written?: string
  /** Whether the rota is older than `handbook.yaml` allows. */
  readonly old?: boolean
  readonly people: readonly Call[]
  /** Teams for whom nobody is on call now. */
  readonly nobody: readonly string[]
  readonly outside: Rota['outside']
}

/** Whom to call now: each team's people whose shift it is, first those who are called first. `teams` come first, and in their order. */
export function findCalls(onCall: OnCall, owners: HandbookFile['owners'], now: Date, teams?: readonly string[]): Calls {
  if (onCall.state !== 'known') return { ...onCall, people: [], nobody: [], outside: [] }
  const { rota, written, old } = onCall
  const wanted = teams ?? Object.keys(owners)
  const found = wanted.map(team => {
    const people = rota.people
      .filter(one => one.team === team && isNow(one, now))
      .toSorted((one, other) => one.after - other.after)
    return { team: owners[team]?.name ?? team, people }
  })
  return {
    state: 'known',
    written: written.toISOString(),
    old,
    people: found.flatMap(({ team, people }) =>
      people.map(({ name, telephone, after }) => ({ team, name, telephone, after })),
    ),
    nobody: found.flatMap(({ team, people }) => (people.length === 0 ? [team] : [])),
    outside: rota.outside,
  }
}

function isNow({ from, until }: Rota['people'][number], now: Date): boolean {
  return (
    (from === undefined || Date.parse(from) <= now.getTime()) &&
    (until === undefined || now.getTime() < Date.parse(until))
  )
}
