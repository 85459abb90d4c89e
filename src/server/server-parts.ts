import type { Environment, Handbook } from '../environments/index.ts'
import type { Actor, RunStore } from '../journal/index.ts'
import type { Ports, SiteFacts } from '../operate/index.ts'
import type { ServedEnvironment } from '../wire/index.ts'
import type { Entrance } from './entrance/open-entrance.ts'
import type { AskProxy, TrustedProxy } from './entrance/trust-proxy.ts'
import type { LookBook } from './now/look-book.ts'
import type { NowBoard } from './now/now-board.ts'
import type { RunFeeds } from './runs/run-feeds.ts'
import type { OpenStreams } from './stream.ts'

/** What the server is told when it is started. */
export interface ServerOptions {
  readonly port: number
  readonly host: string
  /** The address under which people reach it, when that is another one: of a proxy that speaks TLS. */
  readonly publicUrl?: string | undefined
  /** The folder of the built site. */
  readonly site: string
  /** The environments that it serves, by their names. */
  readonly environments: readonly string[]
  /** Whether whoever enters may only read. */
  readonly readOnly: boolean
  /** Who enters by its links, when the account is no person. */
  readonly person?: string | undefined
  /** The proxy that signs people in. */
  readonly proxy?: TrustedProxy | undefined
  /** What Alertmanager and Prometheus must know to hand over alerts, and to read metrics. */
  readonly tokens: {
    readonly webhook?: string | undefined
    readonly metrics?: string | undefined
    /** What a chat must know to add notes to an incident. */
    readonly note?: string | undefined
  }
  /** The program that runs a page as it is ordered on its stdin, and the variables that it may see. */
  readonly runner: { readonly command: string; readonly args: readonly string[]; readonly env: Ports['env'] }
}

/** What the server needs of the world. */
export type ServerPorts = Pick<Ports, 'cwd' | 'env' | 'by' | 'practice' | 'say'>

/** What all routes share. */
export interface ServerParts {
  readonly options: ServerOptions
  readonly handbook: Handbook
  readonly facts: SiteFacts
  readonly store: RunStore
  readonly entrance: Entrance
  /** Whom the proxy names; nobody, where there is none. */
  readonly askProxy: AskProxy
  readonly now: NowBoard
  /** What looked at alerts before anybody did. */
  readonly looks: LookBook
  readonly feeds: RunFeeds
  readonly streams: OpenStreams
  readonly served: readonly ServedEnvironment[]
  /** The environment by its name, as it is now. Rejects when it cannot be had: a lab that is down. */
  readonly resolve: (name: string) => Promise<Environment>
  /** Who does what a session asks for: the process is this one, the person is the session's. */
  readonly actor: (person: string) => Actor
  /** The account that this process has. */
  readonly account: string
  readonly env: Ports['env']
  readonly practice: Ports['practice']
  /** Where people reach it; known once it listens. */
  readonly url: () => string
  readonly say: (line: string) => void
}
