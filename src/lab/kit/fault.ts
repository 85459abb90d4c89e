import type { FaultDraft } from '../../lab-port/index.ts'
import type { Customer } from '../customer/call-service.ts'
import type { ServiceName, Storage } from '../status.ts'

/** What a fault may read and change of a deployment: everything that is possible from outside the service. */
export interface Deployment {
  /** What a customer has, who sends uploads. */
  readonly customer: Customer
  /** The file of a key that may read everything and change nothing. */
  readonly readKeyFile: string
  /** The service's database, with the role of the service: what an operator who works by hand has. */
  readonly databaseUrl: string
  /** The file with the URL of the database's administrator. */
  readonly administratorFile: string
  /** The volume of the database's own, in a lab as shipped. */
  readonly databaseVolume: DatabaseVolume | undefined
  readonly downstreamUrl: string
  readonly storagePath: string
  readonly storage: Storage
  readonly releasesPath: string
  readonly configPath: string
  /** The folder of both backup repositories. */
  readonly backupPath: string
  /** A folder in which a fault notes what it did. */
  readonly notesPath: string
  /** Prometheus and Alertmanager, where they run. */
  readonly monitoring:
    | {
        readonly prometheusUrl: string
        /** The folder of Prometheus' samples. */
        readonly dataPath: string
        readonly configPath: string
        /** Makes it read its configuration again. Does not wait for it. */
        reload(): void
        readonly alertmanager: {
          readonly url: string
          readonly configPath: string
          reload(): void
        }
      }
    | undefined
  /** The nginx in front of the API: in a lab as shipped. */
  readonly proxy:
    | {
        /** The files that it serves. */
        readonly certificate: string
        readonly key: string
        /** Makes a new pair of its CA, which ends in so many seconds. */
        issue(places: { readonly certificate: string; readonly key: string }, endsIn: number): Promise<void>
        /** Makes it read its configuration and the certificate again. Does not wait for it. */
        reload(): void
      }
    | undefined
  /** The malware scanner that the API asks: in a lab as shipped. */
  readonly scanner: Scanner | undefined
  /** Aborted when the lab goes down. */
  readonly signal: AbortSignal
  /** The API's metrics, as Prometheus reads them. */
  readMetrics(): Promise<string>
  /** Runs the operators' command. */
  bridgectl(...args: readonly string[]): Promise<void>
  /** The process of a service, while it runs. */
  pid(service: ServiceName): number | undefined
  /** Starts a service if it does not run. These variables are added to its environment, until it is started anew. */
  start(service: ServiceName, env?: Readonly<Record<string, string>>): Promise<void>
  stop(service: ServiceName): Promise<void>
  restart(service: ServiceName): Promise<void>
}

/** clamd, and the signature by which it recognises the EICAR test file. */
export interface Scanner {
  /** The EICAR test file. */
  readonly eicar: Uint8Array<ArrayBuffer>
  /** Makes it know the file or not, and returns when it does or does not. */
  teach(known: boolean): Promise<void>
}

/** A volume that only PostgreSQL uses. */
export interface DatabaseVolume {
  /** The folder of its data. */
  readonly data: string
  /** The file that keeps some room for the night on which the volume is full. */
  readonly reserve: { release(): Promise<void>; make(): Promise<void> }
}

/** A real way to break a deployment from the outside. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary: string
  /**
   * Its purpose, by default `incident`: deployments break this way, and a runbook heals it. A `mutation` only removes a property that a
   * check of the readiness assessment guards.
   */
  readonly kind?: 'incident' | 'mutation'
  /** Returns when the fault is in effect. */
  start(deployment: Deployment): Promise<void>
  /** Undoes the fault. Harmless when somebody already did. */
  stop(deployment: Deployment): Promise<void>
  /** Whether the fault is still in effect. */
  isActive(deployment: Deployment): boolean
}

/** The source of a new incident's fault. It fails until its author writes how to cause it. */
export function draftFault({ name, title }: Pick<Fault, 'name' | 'title'>): FaultDraft {
  const variable = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return {
    path: `src/lab/incidents/${name}/fault.ts`,
    text: `import type { Fault } from '../../kit/fault.ts'

/** TODO: what is wrong with the deployment then. */
export const ${variable}: Fault = {
  name: '${name}',
  title: ${quote(title)},
  summary: 'TODO: what breaks, and what customers see',
  start: async () => {
    throw new Error('TODO: cause the fault; src/lab/kit has the helpers of other faults')
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
