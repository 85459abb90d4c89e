import { nameWayOn } from '../ask-person.ts'
import type { Permission } from '../permit.ts'
import type { Run } from '../run.ts'

/** Names of a person: letters, digits and a few signs, as user names have them. */
const NAME = /^[\w.@+-]+$/

/**
 * Under which names somebody runs a procedure, who cannot approve it under any of them. On an account that several people use, the
 * account is no person: then somebody is asked who they are. That is recorded as a claim, because nobody proves it.
 */
export async function findWhoRuns(run: Run): Promise<readonly string[] | Permission> {
  const { request, ports, emit } = run
  const { by, environment, mode, breakGlass } = request
  const { user } = by
  const isPerson = !environment.sharedAccount && user !== 'root'
  // Somebody who says that they are another one cannot approve as that one either.
  if (isPerson && (request.claims === undefined || request.claims === user)) return [user]
  const known = run.person ?? request.claims
  const asks = known === undefined && mode === 'interactive' ? ports.askName : undefined
  const person = known ?? (await asks?.(user, ports.signal))
  if (asks && person === undefined) return { answer: 'stop' }
  if (person !== undefined && (!NAME.test(person) || person === user))
    return { answer: 'refused', why: `“${person}” is not the name of a person: ${sayHow(run)}` }
  if (person === undefined && environment.sharedAccount && breakGlass === undefined)
    return { answer: 'refused', why: `several people use the account ${user}: ${sayHow(run)}` }
  if (run.person === undefined) {
    run.person = person
    if (person !== undefined) await emit({ type: 'run.claimed', person, by })
    else void emit({ type: 'run.warned', message: `nobody said who runs this: several people use the account ${user}` })
  }
  return person === undefined ? [user] : [user, person]
}

/** Records the name under which somebody begins or resumes a run on an account that is not theirs: in every environment, as a claim. */
export function recordClaim(run: Run): void {
  const { claims, by } = run.request
  if (claims === undefined || claims === by.user || claims === run.person || !NAME.test(claims)) return
  run.person = claims
  void run.emit({ type: 'run.claimed', person: claims, by })
}

function sayHow(run: Run): string {
  const how = 'say who runs this with --as NAME'
  if (!run.ports.away) return how
  return `${how}: ${nameWayOn(run)} --as NAME in a terminal, or come in by a link for that name, and press again: handbook serve --invite responder --as NAME`
}
