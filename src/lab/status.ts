import type { SecretSource, ServiceCommands } from '../environments/index.ts'
import type { LabProfile, Reconstruction } from '../lab-port/index.ts'
import type { Customer } from './customer/call-service.ts'
import type { TimedPart } from './lifecycle/progress.ts'

/**
 * The parts of a lab that an operator may start, stop and restart. The proxy and the scanner are there only in a lab as shipped, and the last two
 * only where they are installed.
 */
export const SERVICE_NAMES = [
  'api',
  'worker',
  'proxy',
  'scanner',
  'downstream',
  'database',
  'prometheus',
  'alertmanager',
] as const

/** The profile of a lab that is made from what is shipped. */
export const AS_SHIPPED = 'as-shipped'

/** The profile of a lab that comes up wherever Node.js does. */
export const PRACTICE = 'practice'

/** The profile of a lab as shipped that is made worse: everything that the first assessment lists is broken together. */
export const LEGACY = 'legacy'

/** How a lab can be made, the usual way first. */
export const PROFILES = [
  {
    name: AS_SHIPPED,
    title: 'From the page, the units and the files that an operator gets, with their accounts, keys and TLS',
  },
  { name: PRACTICE, title: 'One account, no keys, no TLS: comes up on any machine' },
  { name: LEGACY, title: 'As shipped, and then broken in everything that the first assessment lists as open' },
] as const

/** A part of a lab that an operator may start, stop and restart. */
export type ServiceName = (typeof SERVICE_NAMES)[number]

/** The lab's storage: a small volume of its own, or an ordinary folder where no volume can be mounted. */
export type Storage =
  | { readonly kind: 'volume'; readonly sizeBytes: number }
  | { readonly kind: 'folder'; readonly reason: string }

/** Everything that people and programs need to know of a running lab. */
export interface BridgeLabStatus {
  readonly state: 'running' | 'stopping'
  /** Tells this lab from those that were brought up before or after it. */
  readonly id: string
  /** When the program that runs it was built: ISO 8601, UTC. Labs of before it was said have none. */
  readonly built?: string
  /** Where the API listens. */
  readonly url: string
  /** A key that may do everything. The lab also admits requests without a key. */
  readonly apiKey?: string
  /** The file of a key that may read everything and change nothing. The handbook's pages use it. */
  readonly readKeyFile: string
  /** The downstream sink; `GET /received` lists what arrived. */
  readonly downstreamUrl: string
  readonly workerUrl: string
  readonly prometheusUrl?: string
  readonly alertmanagerUrl?: string
  /** What waits for an alert that always fires. */
  readonly deadMansSwitch?: { readonly alert: string; readonly url: string }
  /** What gets the notifications of Alertmanager, and which of its receivers wake somebody. */
  readonly notifications?: { readonly url: string; readonly waking: readonly string[] }
  readonly storagePath: string
  readonly storage: Storage
  /** The faults that are in effect now. */
  readonly faults: readonly string[]
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  readonly directory: string
  readonly configPath: string
  readonly databaseUrl: string
  readonly releasesPath: string
  /** The encrypted repository of backups, the repository of their copies, and the file of the password. The first backup makes them. */
  readonly backup: { readonly repository: string; readonly copy: string; readonly passwordFile: string }
  /** A folder for `PATH`, with `bridgectl`. */
  readonly binPath: string
  readonly logsPath: string
  readonly timeScale: number
  /** The part for procedures: facts, services, folders for `PATH`, variables and secrets. */
  readonly target: LabTarget
  readonly services: Readonly<Partial<Record<ServiceName, ServiceCommands>>>
  readonly path: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, SecretSource>>
  /** How the lab is made: `practice`, `as-shipped`, `legacy`, or `partial` when something of the latter two is missing. */
  readonly profile?: string
  /** What is missing of that here, with the reason. */
  readonly partial?: readonly string[]
  /** What nothing that is done in it proves. */
  readonly notProven?: readonly string[]
  /** What differs from what is shipped, with the reason. */
  readonly differences?: readonly string[]
  /** In a lab of the profile `legacy`: what of it was made. */
  readonly reconstruction?: Reconstruction
  /** The programs that take part, each with its version; one that does not tell it is left out. */
  readonly versions?: Readonly<Record<string, string>>
  /** The words before a command that run it where the deployment is. */
  readonly within?: readonly string[]
  /** Whether dangers need the approval of another person, and who that may be. */
  readonly protected?: boolean
  readonly approvers?: Readonly<Record<string, readonly string[]>>
  /** The file of that person's private key: in a lab everybody may be the second person. */
  readonly secondPersonKey?: string
  /** What a customer has, who sends uploads. */
  readonly customer: Customer
  /** How long its start took, in seconds since it was asked for. */
  readonly started: StartTimes
  /** The part for people. */
  readonly places: Readonly<Record<string, string>>
}

/** How long the start of a lab took, in seconds since it was asked for. */
export interface StartTimes {
  /** Whether it was set up from nothing, or is a copy of one that was kept. */
  readonly from: 'nothing' | 'image'
  /** Customers were answered 200, where they ask. */
  readonly serving: number
  /** Everything was ready; with Prometheus, that is after its first look at the service. */
  readonly ready: number
  /** The parts, as they ended. */
  readonly parts: readonly TimedPart[]
}

/** A running lab, in the process that owns it. */
export interface RunningLab {
  status(): BridgeLabStatus
  /** Returns when the fault is in effect. Throws `LabError` when it is unknown or impossible here. */
  break(fault: string): Promise<void>
  /** Undoes one fault, or all. Harmless when there is nothing to undo. */
  heal(fault?: string): Promise<void>
  /** Ends every process and unmounts every volume. With `now` it does not wait for processes to finish. */
  down(options?: { readonly now?: boolean }): Promise<void>
  /** Settles when the lab is down, no matter who ended it. */
  readonly ended: Promise<void>
}

/** A running lab, seen from another process. */
export interface RemoteLab {
  status(): Promise<BridgeLabStatus>
  break(fault: string): Promise<void>
  heal(fault?: string): Promise<void>
  /** Returns when the lab's own process has ended too. */
  down(options?: { readonly now?: boolean }): Promise<void>
}

/** The options of `startLab`. */
export interface StartOptions {
  /** The lab's own folder: empty, absent, or used by a lab before. */
  readonly directory: string
  /** The folder with the bundles: `bridge/*.cjs`, `lab/*.cjs`. */
  readonly bundles: string
  /** When they were built. */
  readonly built?: string
  /** The folder with the Prometheus rules. */
  readonly rules: string
  /** How the lab is made; `practice` by default. */
  readonly profile?: string
  /** What is missing here of the profile that was asked for, with the reason; then the lab is the one of `practice`. */
  readonly partial?: readonly string[]
  /** How many times faster than in production the rules' time passes; 60 by default. */
  readonly timeScale?: number
  /** `true` demands Prometheus and Alertmanager, `false` leaves them out. By default they run where they are installed. */
  readonly prometheus?: boolean
  /** The folder of the images from which labs are copied; by default one of the handbook's. */
  readonly images?: string
  /** When it was asked for, in milliseconds since 1970; now by default. */
  readonly asked?: number
  /** Called for each part as it gets ready. */
  readonly log: (line: string) => void
  /** The environment for finding programs; by default that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Ends the start early. */
  readonly signal?: AbortSignal
}

/** The names of a lab's facts. All facts are texts. */
const FACT_NAMES = [
  'url',
  'metricsUrl',
  'workerUrl',
  'downstreamUrl',
  'storagePath',
  'configPath',
  'releasesPath',
  'backupRepository',
  'backupCopy',
  'backupPasswordFile',
  'databaseAdministratorFile',
  'prometheusUrl',
  'alertmanagerUrl',
  'alertmanagerConfigPath',
  'deadMansSwitchUrl',
] as const

/** The facts of a running lab. Those of Prometheus, Alertmanager and the dead man's switch are there only if these run. */
type LabTarget = Readonly<Partial<Record<(typeof FACT_NAMES)[number], string>>>

/** The facts that are known before the lab is up. */
export const profile: LabProfile = {
  name: 'Upload Bridge',
  facts: Object.fromEntries(FACT_NAMES.map(name => [name, 'string' as const])),
  services: SERVICE_NAMES,
}
