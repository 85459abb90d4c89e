import type { IncidentCard, IncidentView } from '../journal/index.ts'
import type { RunCard } from './runs.ts'

/** Whoever uses the server, and what they may do. A reader sees; a responder runs steps and answers; an approver allows dangers, too. */
export interface Session {
  readonly person: string
  readonly role: 'reader' | 'responder' | 'approver'
  readonly environments: readonly ServedEnvironment[]
}

/** An environment that the server was told to serve. */
export interface ServedEnvironment {
  readonly name: string
  /** The machine on which its blocks run. */
  readonly host: string
  /** Whether it is the practice deployment: only there may something be broken. */
  readonly lab: boolean
  readonly protected: boolean
  /** The other environments that may be changed from there: with any, a dangerous step wants this one's name typed. */
  readonly others: readonly string[]
}

/** What is known of an environment now. */
export interface Now {
  readonly environment: ServedEnvironment
  /** ISO 8601, UTC, as are the others: the server's clock when it wrote this. */
  readonly time: string
  readonly sources: readonly Source[]
  /** Whether a source was silent for so long that nothing can be said: then nothing here says that all is well. */
  readonly blind: boolean
  /** Those that fire, most urgent first; quiet ones last. */
  readonly alerts: readonly AlertNowFiring[]
  readonly underWay: readonly RunCard[]
  readonly unreverted: readonly {
    readonly run: string
    readonly procedure: string
    readonly changes: readonly string[]
  }[]
  /** The last three runs that changed something. */
  readonly changes: readonly RunCard[]
  /** Dangerous steps that wait for the approval of a second person. */
  readonly approvals: readonly AwaitedCard[]
  /** The incidents that are open here, newest first. */
  readonly incidents: readonly IncidentCard[]
}

/** A step that waits for the approval of a second person, for a line of a list. */
export interface AwaitedCard {
  readonly run: string
  readonly step: string
  readonly title: string
  readonly by: string
  /** ISO 8601, UTC. */
  readonly since: string
}

/** What an approver has to know, in the order in which it matters. They sign in their own terminal: the server has no key. */
export interface ApprovalView {
  readonly step: string
  readonly title: string
  readonly risk: string
  readonly environment: string
  /** Who runs it. */
  readonly by: string
  /** Why a diagnosis points to it. */
  readonly why?: string
  /** What cannot be undone, in the page's words. */
  readonly irreversible?: string
  /** What it will touch, and no more. */
  readonly touches?: readonly string[]
  /** How much the step usually touches at most, when this is more. */
  readonly usualMost?: number
  readonly code: string
  /** Milliseconds until the request ends. */
  readonly endsIn?: number
  /** Why nobody waits for it now, if so. */
  readonly nobodyWaits?: string
  /** What to type. */
  readonly command: string
}

/** A message of an incident's stream: it as it stands. */
export interface IncidentMessage {
  /** The server's clock: ISO 8601, UTC. */
  readonly time: string
  readonly incident: IncidentView
}

/** Who is asked, and when it last answered. */
export interface Source {
  readonly name: 'Prometheus' | 'Alertmanager'
  /** Whether the environment names one: what is not named is never asked. */
  readonly asked: boolean
  readonly answered?: string
  /** Why the last question was not answered. */
  readonly why?: string
}

/** An alert that fires. */
export interface AlertNowFiring {
  readonly name: string
  readonly severity?: string
  readonly since: string
  readonly labels: Readonly<Record<string, string>>
  readonly summary?: string
  /** What it means for customers. */
  readonly consequence?: string
  /** Why nobody is told of it: silenced, inhibited, or Alertmanager does not have it. */
  readonly quiet?: string
  /** Whether it was handed over, and Alertmanager itself has not said so: it stays until it is handed over as ended. */
  readonly handedOver?: true
  readonly page?: { readonly id: string; readonly title: string; readonly permalink: string }
  /** The run that somebody began for it. */
  readonly run?: string
  /** What looked at it when it arrived, before anybody did: a run, or why there is none. */
  readonly looked?: AlertLook
}

/** A look at an alert before anybody did: the run and when it began, or why nothing could look. */
export type AlertLook = { readonly run: string; readonly at: string } | { readonly refused: string }

/**
 * What an alert's expression compared over the last hours. `no-answer`: Prometheus did not say it; `not-asked`: the environment names no
 * Prometheus; `no-rule`: nobody has a rule of this name.
 */
export type AlertPlot = {
  readonly alert: string
  /** ISO 8601, UTC: the first look and the last one. */
  readonly from: string
  readonly until: string
} & (
  | { readonly state: 'not-asked' | 'no-rule' }
  | { readonly state: 'no-answer'; readonly why: string }
  | {
      readonly state: 'drawn'
      /** Whose rule it is: the one that Prometheus evaluates, or the handbook's, where Prometheus has none of this name. */
      readonly ruleOf: 'prometheus' | 'handbook'
      /** In full: one for each rule of this name. */
      readonly expressions: readonly string[]
      readonly curves: readonly PlotCurve[]
      /** How many conditions are not drawn, because there are too many. */
      readonly more: number
    }
)

/** One value that an alert looks at, and what it compares it with. */
export interface PlotCurve {
  readonly expression: string
  readonly limits: readonly {
    /** The alert wants the value to be so: `>`. */
    readonly operator: string
    readonly expression: string
    /** At each look; empty when it is not one line. */
    readonly values: readonly (number | null)[]
  }[]
  /** Those nearest to what the alert wants come first. */
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly values: readonly (number | null)[]
  }[]
  /** How many series are not drawn. */
  readonly more: number
}

/** Whom to call now. Telephones stand in no file of the site: they are sent to whoever has come in. */
export interface CallsNow {
  readonly state: 'not-said' | 'unknown' | 'known'
  /** Why the rota is unknown. */
  readonly why?: string
  /** When the rota was written, and whether it is older than it may be. */
  readonly written?: string
  readonly old?: boolean
  readonly people: readonly {
    readonly team: string
    readonly name: string
    readonly telephone: string
    /** Minutes without an answer of those before. */
    readonly after: number
  }[]
  /** Teams for whom nobody is on call now. */
  readonly nobody: readonly string[]
  readonly outside: readonly { readonly name: string; readonly telephone: string; readonly for: string }[]
}

/** What a request is answered with that cannot be carried out (RFC 9457). */
export interface Refusal {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
}
