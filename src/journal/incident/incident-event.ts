import type { Actor } from '../event.ts'

/** How bad an incident is, worst first. */
export const SEVERITIES = ['SEV1', 'SEV2', 'SEV3'] as const
/** How bad an incident is. */
export type Severity = (typeof SEVERITIES)[number]

/** What somebody does in an incident: leads, acts on the service, or talks to everybody outside. */
export const ROLES = ['commander', 'acts', 'talks'] as const
/** What somebody does in an incident. */
export type IncidentRole = (typeof ROLES)[number]

/** Something that happened in an incident and that no run tells. */
export type IncidentFact =
  | { readonly type: 'incident.declared'; readonly environment: string; readonly deployment?: string }
  /** How bad it is, and what customers see of it, as far as either is said anew. */
  | { readonly type: 'incident.described'; readonly severity?: Severity; readonly sees?: string }
  /** A role goes to somebody. They have it once they accept it; who takes one for themselves accepts it by that. */
  | { readonly type: 'role.offered'; readonly role: IncidentRole; readonly to: string }
  | { readonly type: 'role.accepted'; readonly role: IncidentRole; readonly to: string }
  /** Something was told outside. `next`: when the next word is due, if that was promised; ISO 8601, UTC. */
  | { readonly type: 'word.given'; readonly text: string; readonly next?: string }
  | { readonly type: 'word.promised'; readonly next: string }
  /** `from`: where it was written, when that was a chat. */
  | { readonly type: 'note.added'; readonly text: string; readonly from?: string }
  | { readonly type: 'question.opened'; readonly text: string }
  | { readonly type: 'question.answered'; readonly question: number; readonly text: string }
  | { readonly type: 'entry.pinned'; readonly entry: string; readonly pinned: boolean }
  /**
   * An alert was seen to fire, or seen to fire no more. `since`: what its source says. `handedOver`: nobody was asked who knows all that fires, so
   * that its end is known only when it is handed over as well.
   */
  | {
      readonly type: 'alert.began'
      readonly id: string
      readonly name: string
      readonly severity?: string
      readonly since: string
      readonly handedOver?: true
    }
  | { readonly type: 'alert.ended'; readonly id: string; readonly name: string }
  /** A chat was told of an event, or why it was not. */
  | { readonly type: 'chat.told'; readonly of: number; readonly host: string; readonly why?: string }
  | { readonly type: 'postmortem.drafted'; readonly path: string }
  /** `reason`: why it is closed although these runs left changes unreverted. */
  | { readonly type: 'incident.closed'; readonly reason?: string; readonly unreverted: readonly string[] }

/** One line of an incident's ledger. */
export type IncidentEvent = IncidentFact & {
  /** Counted from 1 within the incident. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly time: string
  readonly incident: string
  readonly by: Actor
  /** Tells one that is sent again from another one. */
  readonly key: string
}
