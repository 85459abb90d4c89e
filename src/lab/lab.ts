import type { SecretSource, ServiceCommands } from '../environments/index.ts'
import type { LabProfile } from '../lab-port/index.ts'

/** The parts of a lab that an operator may start, stop and restart. */
export const SERVICE_NAMES = ['api', 'worker', 'downstream', 'database'] as const

/** A part of a lab that an operator may start, stop and restart. */
export type ServiceName = (typeof SERVICE_NAMES)[number]

/** What the lab's storage is: a small volume of its own, or, where none can be mounted, an ordinary folder. */
export type Storage =
  | { readonly kind: 'volume'; readonly sizeBytes: number }
  | { readonly kind: 'folder'; readonly reason: string }

/** Everything that people and programs need to know of a running lab. */
export interface LabStatus {
  readonly state: 'running' | 'stopping'
  /** Where the API listens. */
  readonly url: string
  /** A key that may do everything; the lab lets in who has none, too. */
  readonly apiKey?: string
  /** The file of a key that may see everything and change nothing: the handbook's pages ask with it. */
  readonly readKeyFile: string
  /** The downstream sink; `GET /received` lists what arrived. */
  readonly downstreamUrl: string
  readonly workerUrl: string
  readonly prometheusUrl?: string
  readonly alertmanagerUrl?: string
  readonly storagePath: string
  readonly storage: Storage
  /** The faults that are in effect now. */
  readonly faults: readonly string[]
  readonly processes: readonly { readonly name: string; readonly pid: number }[]
  readonly directory: string
  readonly configPath: string
  readonly databaseUrl: string
  readonly releasesPath: string
  /** Where backups are kept encrypted, where their copies are, and the file of the password; made by the first backup. */
  readonly backup: { readonly repository: string; readonly copy: string; readonly passwordFile: string }
  /** A folder for `PATH`, with `bridgectl`. */
  readonly binPath: string
  readonly logsPath: string
  readonly timeScale: number
  /** The same for procedures, which know nothing else of it: facts, services, folders for `PATH`, variables and secrets. */
  readonly target: LabTarget
  readonly services: Readonly<Record<ServiceName, ServiceCommands>>
  readonly path: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, SecretSource>>
  /** The same for people. */
  readonly places: Readonly<Record<string, string>>
}

/** A running lab, in the process that owns it. */
export interface RunningLab {
  status(): LabStatus
  /** Returns when the fault is really in effect; throws `LabError` when it is unknown or cannot be brought about here. */
  break(fault: string): Promise<void>
  /** Undoes one fault, or all; harmless when there is nothing to undo. */
  heal(fault?: string): Promise<void>
  /** Ends every process and unmounts every volume; `now` does not wait for anybody to finish. */
  down(options?: { readonly now?: boolean }): Promise<void>
  /** Settles when the lab is down, whoever asked for it. */
  readonly ended: Promise<void>
}

/** A running lab, seen from another process. */
export interface RemoteLab {
  status(): Promise<LabStatus>
  break(fault: string): Promise<void>
  heal(fault?: string): Promise<void>
  /** Returns when the lab's own process has ended too. */
  down(): Promise<void>
}

/** What `startLab` wants to know. */
export interface LabOptions {
  /** The lab's own folder: empty, absent, or used by a lab before. */
  readonly directory: string
  /** The folder with the bundles: `bridge/*.cjs`, `lab/*.cjs`. */
  readonly bundles: string
  /** The folder with the Prometheus rules. */
  readonly rules: string
  /** How many times faster than in production the rules' time passes; 60 unless told. */
  readonly timeScale?: number
  /** `true` wants Prometheus and Alertmanager, `false` leaves them out; else they run where they are installed. */
  readonly prometheus?: boolean
  /** Told of each part as it gets ready. */
  readonly log: (line: string) => void
  /** The environment in which programs are looked up; that of this process unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Ends the start early. */
  readonly signal?: AbortSignal
}

/** The facts that a lab states of itself, all of them texts. */
const FACT_NAMES = [
  'url',
  'workerUrl',
  'downstreamUrl',
  'storagePath',
  'configPath',
  'releasesPath',
  'backupRepository',
  'backupCopy',
  'backupPasswordFile',
  'prometheusUrl',
  'alertmanagerUrl',
] as const

/** The facts of a running lab; those of Prometheus and Alertmanager only where they run. */
type LabTarget = Readonly<Partial<Record<(typeof FACT_NAMES)[number], string>>>

/** What is known of the lab before it is up. */
export const profile: LabProfile = {
  name: 'Upload Bridge',
  facts: Object.fromEntries(FACT_NAMES.map(name => [name, 'string' as const])),
  services: SERVICE_NAMES,
}
