import { chown, mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import type { BridgeBundles } from './bundle-bridge.ts'
import type { Postgres } from './postgres.ts'
import { type ServiceProcess, startService } from './service-process.ts'
import { type Sink, startSink } from './sink.ts'

/** What a test file shares: bundles, a database server, a folder. */
export interface Ground {
  readonly folder: string
  readonly bundles: BridgeBundles
  readonly postgres: Postgres
}

/** What a test changes about its deployment. */
export interface DeploymentOptions {
  readonly storagePath?: string
  /** Put before every program, as to run it in another mount namespace. */
  readonly prefix?: readonly string[]
  /** The account that everything runs as and belongs to; a test that runs as root can choose. */
  readonly account?: number
  readonly configuration?: Readonly<Record<string, object>>
}

/** What bridgectl printed. */
export interface ControlResult {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** A whole Upload Bridge of one test: its own database, volume, downstream and processes. */
export interface Deployment {
  readonly configPath: string
  readonly databaseUrl: string
  readonly storagePath: string
  readonly releasesPath: string
  readonly sink: Sink
  readonly api: ServiceProcess
  readonly worker: ServiceProcess
  startApi(): Promise<ServiceProcess>
  startWorker(): Promise<ServiceProcess>
  bridgectl(...args: string[]): Promise<ControlResult>
  bridgectlWith(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<ControlResult>
  /** Runs bridgectl as another account than the service's, or as whoever runs the tests. */
  bridgectlAs(account: number | undefined, ...args: string[]): Promise<ControlResult>
  /** Runs bridgectl with --json and gives what it printed; fails when it does. */
  control(...args: string[]): Promise<unknown>
  end(): Promise<void>
}

/** Starts a deployment: retries within half a second, so that tests need not wait. */
export async function startDeployment(ground: Ground, options: DeploymentOptions = {}): Promise<Deployment> {
  const folder = await mkdtemp(join(ground.folder, 'deployment-'))
  const databaseUrl = await ground.postgres.createDatabase()
  const sink = await startSink()
  const storagePath = options.storagePath ?? join(folder, 'storage')
  const releasesPath = join(folder, 'releases')
  await mkdir(releasesPath)
  const configPath = join(folder, 'config.yaml')
  const configuration = {
    environment: 'test',
    api: { host: '127.0.0.1', port: 0, drainTimeout: '1s', showVersion: true },
    worker: { host: '127.0.0.1', port: 0, concurrency: 4 },
    database: { url: databaseUrl, connectionTimeout: '2s', statementTimeout: '5s', poolSize: 10 },
    storage: { path: storagePath, reserve: 0, maxUploadSize: '64MiB', retainDelivered: '1h' },
    state: { path: join(folder, 'state') },
    downstream: { url: sink.url, timeout: '2s', retry: { initial: '100ms', max: '500ms' } },
    releases: { path: releasesPath },
    log: { level: 'info' },
    auth: { required: false },
  }
  await writeFile(configPath, stringify(merge(configuration, options.configuration ?? {})))
  if (options.account !== undefined) {
    for (const path of [folder, releasesPath, configPath]) await chown(path, options.account, options.account)
  }
  const programAs = (account: number | undefined) => [
    ...(account === undefined ? [] : ['setpriv', `--reuid=${account}`, `--regid=${account}`, '--clear-groups']),
    ...(options.prefix ?? []),
    process.execPath,
  ]
  const [program = process.execPath, ...prefix] = programAs(options.account)
  const command = (bundle: string): [string, ...string[]] => [program, ...prefix, bundle, '--config', configPath]
  const running: ServiceProcess[] = []
  const start = async (bundle: string) => {
    const service = await startService(command(bundle))
    running.push(service)
    return service
  }
  const starting = [start(ground.bundles.api), start(ground.bundles.worker)] as const
  let [api, worker] = await Promise.all(starting).catch(async error => {
    await Promise.allSettled(starting)
    for (const service of running) service.signal('SIGKILL')
    await sink.stop()
    throw error
  })
  const deployment: Deployment = {
    configPath,
    databaseUrl,
    storagePath,
    releasesPath,
    sink,
    get api() {
      return api
    },
    get worker() {
      return worker
    },
    async startApi() {
      api = await start(ground.bundles.api)
      return api
    },
    async startWorker() {
      worker = await start(ground.bundles.worker)
      return worker
    },
    bridgectl: (...args) => deployment.bridgectlWith({}, ...args),
    async bridgectlAs(account, ...args) {
      const [program = process.execPath, ...prefix] = programAs(account)
      const env = { UPLOAD_BRIDGE_CONFIG: configPath, UPLOAD_BRIDGE_URL: api.url }
      const { exitCode, stdout, stderr } = await execa(program, [...prefix, ground.bundles.bridgectl, ...args], {
        env,
        reject: false,
      })
      return { exitCode, stdout, stderr }
    },
    async bridgectlWith(environment, ...args) {
      const env = { ...environment, UPLOAD_BRIDGE_CONFIG: configPath, UPLOAD_BRIDGE_URL: api.url }
      const { exitCode, stdout, stderr } = await execa(program, [...prefix, ground.bundles.bridgectl, ...args], {
        env,
        reject: false,
      })
      return { exitCode, stdout, stderr }
    },
    async control(...args) {
      const { exitCode, stdout, stderr } = await deployment.bridgectl(...args, '--json')
      if (exitCode !== 0) throw new Error(`bridgectl ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
      return JSON.parse(stdout)
    },
    async end() {
      // A killed program does not say what it covered.
      const signal = process.env.NODE_V8_COVERAGE === undefined ? 'SIGKILL' : 'SIGTERM'
      await Promise.all(running.filter(service => service.isRunning).map(service => service.end(signal)))
      await sink.stop()
    },
  }
  return deployment
}

function merge(configuration: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, object>>) {
  const merged = Object.entries(changes).map(([key, value]) => [key, Object.assign({}, configuration[key], value)])
  return { ...configuration, ...Object.fromEntries(merged) }
}
