import type { FaultDraft } from '../../lab-port/index.ts'
import type { ServiceName, Storage } from '../lab.ts'

/** What a fault may see and touch of a deployment: what anybody outside the service could. */
export interface Deployment {
  readonly url: string
  /** The file of a key that may see everything and change nothing: keys may be demanded. */
  readonly readKeyFile: string
  readonly downstreamUrl: string
  readonly storagePath: string
  readonly storage: Storage
  readonly releasesPath: string
  readonly configPath: string
  /** The folder of both backup repositories. */
  readonly backupPath: string
  /** A folder in which a fault remembers what it did. */
  readonly notesPath: string
  /** Prometheus, where it runs. */
  readonly monitoring:
    | {
        readonly prometheusUrl: string
        readonly configPath: string
        /** Lets it read its configuration again, and does not wait for it. */
        reload(): void
      }
    | undefined
  /** Aborted when the lab goes down. */
  readonly signal: AbortSignal
  /** Runs the operators' command. */
  bridgectl(...args: readonly string[]): Promise<void>
  /** The process of a service, while it runs. */
  pid(service: ServiceName): number | undefined
  start(service: ServiceName): Promise<void>
  stop(service: ServiceName): Promise<void>
  restart(service: ServiceName): Promise<void>
}

/** A real way to break a deployment from the outside. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary: string
  /**
   * What it is for. `incident`, unless said: deployments break this way, and a runbook heals it. `mutation`: a property is taken away
   * that a check of the readiness assessment guards, and nothing else.
   */
  readonly kind?: 'incident' | 'mutation'
  /** Returns when the fault is in effect. */
  start(deployment: Deployment): Promise<void>
  /** Undoes it; harmless when somebody has done so already. */
  stop(deployment: Deployment): Promise<void>
  /** Whether what it broke is broken still. */
  isActive(deployment: Deployment): boolean
}

/** The fault of a new incident: it has the form of one, and cannot be brought about until its author has said how. */
export function draftFault({ name, title }: Pick<Fault, 'name' | 'title'>): FaultDraft {
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return {
    path: `src/lab/incidents/${name}/fault.ts`,
    text: `import type { Fault } from '../../kit/fault.ts'

/** TODO: what is wrong with the deployment then. */
export const ${variable}: Fault = {
  name: '${name}',
  title: ${quote(title)},
  summary: 'TODO: how it is brought about, and what customers see',
  start: async () => {
    throw new Error('TODO: bring the fault about; src/lab/kit has what other faults use')
  },
  stop: async () => undefined,
  isActive: () => false,
}
`,
    next: ['List the fault: npm run build:cli'],
  }
}

function quote(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`
}
