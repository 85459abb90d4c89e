import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { connectLab } from '../../../src/lab/index.ts'
import { sendUpload } from '../../../src/lab/kit/send-upload.ts'
import { readPageBlocks } from '../../../src/lab/shipped/page-blocks.ts'
import { findLacking } from '../../../src/lab/shipped/requirements.ts'
import { startApart } from '../../../src/lab/shipped/start-apart.ts'
import { AS_SHIPPED, type BridgeLabStatus } from '../../../src/lab/status.ts'
import { leaveOut } from '../../environment/requires.ts'
import { findTraces } from '../traces.ts'

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('the lab as shipped', lacking.join('; '))

let root: string
const ends: Promise<void>[] = []

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lab-shipped-'))
})

afterAll(async () => {
  for (const name of ['one', 'other']) await (await connectLab(join(root, name)))?.down({ now: true })
  await Promise.all(ends)
  await rm(root, { recursive: true, force: true })
})

async function up(name: string): Promise<BridgeLabStatus> {
  // With images of its own: the first one is set up from nothing, and the other one is a copy.
  const places = { directory: join(root, name), images: join(root, 'images') }
  const options = { ...places, bundles: resolve('dist'), rules: resolve('static/monitoring'), profile: AS_SHIPPED }
  ends.push((await startApart({ ...options, prometheus: false, log: () => undefined })).ended)
  const lab = await connectLab(places.directory)
  if (!lab) throw new Error('no lab runs there')
  return lab.status()
}

describe.runIf(lacking.length === 0)('a lab as shipped', () => {
  const accounts = readFileSync('/etc/passwd', 'utf8')
  let one: BridgeLabStatus

  beforeAll(async () => {
    one = await up('one')
  })

  const pidOf = (name: string) => one.processes.find(process => process.name === name)?.pid ?? 0
  /** Runs a command where the deployment is. */
  const inside = async (...command: readonly string[]) => {
    const [first = '', ...rest] = [...(one.within ?? []), ...command]
    return execa(first, rest, { reject: false, all: true, env: { ...one.variables } })
  }
  const statusOf = (path: string) => readFileSync(path, 'utf8')

  test('is named so, and says what differs', () => {
    expect(one).toMatchObject({
      profile: AS_SHIPPED,
      protected: true,
      configPath: '/etc/upload-bridge/upload-bridge.yaml',
    })
    expect(one).not.toHaveProperty('partial')
    expect(one.differences).toContainEqual(expect.stringMatching(/^storage\.reserve: 4MiB: the volume has/))
    expect(one.differences?.join()).not.toContain(new URL(one.databaseUrl).password)
  })

  test('demands keys, and hides its version', async () => {
    const { status, headers } = await ask(one, '/uploads/0')
    expect(status).toBe(401)
    expect(Object.keys(headers)).not.toContain('x-upload-bridge-version')
    expect((await ask(one, '/livez')).body).not.toMatch(/1\.4\./)
    expect(await send(one)).toMatch(/^[0-9a-f]{32}$/)
  })

  test('is served by nginx with TLS, and nobody who does not know its CA trusts it', async () => {
    expect((await ask(one, '/livez')).headers).toMatchObject({
      server: expect.stringMatching(/^nginx/),
      'strict-transport-security': expect.any(String),
    })
    await expect(ask(one, '/livez', '')).rejects.toThrow(/certificate|issuer/)
    expect((await ask(one, '/metrics')).status).toBe(404)
  })

  test('runs the service under its own account, without privileges, as its unit says', () => {
    for (const name of ['api', 'worker']) {
      const status = statusOf(`/proc/${pidOf(name)}/status`)
      expect(status).not.toMatch(/^Uid:\s+0\b/m)
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m)
      expect(status).toMatch(/^Seccomp:\s+2$/m)
      expect(status).toMatch(/^Umask:\s+0077$/m)
      for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
        expect(status).toMatch(new RegExp(`^Cap${set}:\\s+0+$`, 'm'))
    }
  })

  test('lets the service write its own folders, and nothing else', async () => {
    const into = (path: string) =>
      execa('nsenter', ['--target', String(pidOf('api')), '--mount', 'touch', path], { reject: false })
    for (const folder of ['/', '/etc/upload-bridge/', '/opt/upload-bridge/', '/usr/', '/var/lib/'])
      expect((await into(`${folder}probe`)).stderr).toMatch(/Read-only file system/)
    for (const folder of ['/srv/upload-bridge/', '/var/lib/upload-bridge/', '/tmp/'])
      expect((await into(`${folder}probe`)).exitCode).toBe(0)
    await inside('rm', '/srv/upload-bridge/probe', '/var/lib/upload-bridge/probe')
    expect((await inside('ls', '/tmp/probe')).exitCode).not.toBe(0)
  })

  test('has accounts, folders and modes as the page says', async () => {
    const { stdout } = await inside(
      'stat',
      '--format=%U:%G %a',
      '/srv/upload-bridge',
      '/var/lib/upload-bridge',
      one.configPath,
    )
    expect(stdout.split('\n')).toEqual([
      'upload-bridge:upload-bridge 700',
      'upload-bridge:upload-bridge 700',
      'root:upload-bridge 640',
    ])
  })

  test('reads the shipped files, joined, and its secrets from files of their own', async () => {
    const { stdout } = await inside('cat', one.configPath)
    expect(parse(stdout)).toMatchObject({
      environment: 'lab',
      worker: { host: '127.0.0.1', concurrency: 4 },
      limits: { uploadsPerWindow: 10_000, window: '60s' },
      database: { urlFile: '/etc/upload-bridge/database-url' },
      bridgectl: { apiKeyFile: '/etc/upload-bridge/operator.key' },
    })
  })

  test('can be set up again by the page: each line may be repeated', async () => {
    const { machine, service } = await readPageBlocks('.')
    const folder = join(one.directory, 'data', 'to-install')
    for (const { code } of [...machine, ...service]) {
      const script = `cd ${folder}\nsystemctl() { :; }\nsudo() { shift 2; setpriv --reuid=upload-bridge --regid=upload-bridge --init-groups "$@"; }\n${code}`
      const { exitCode, all } = await inside('bash', '-euo', 'pipefail', '-c', script)
      expect(exitCode, all).toBe(0)
    }
    expect(await send(one)).toMatch(/^[0-9a-f]{32}$/)
  })

  test('gives the service a role in the database that owns its database, and may do no more', async () => {
    const client = new Client({ connectionString: one.databaseUrl })
    await client.connect()
    try {
      const { rows } = await client.query(`select rolsuper, rolcreatedb, rolcreaterole, pg_get_userbyid(datdba) as owner
        from pg_roles, pg_database where rolname = current_user and datname = current_database()`)
      const may = { rolsuper: false, rolcreatedb: false, rolcreaterole: false }
      expect(rows).toEqual([{ ...may, owner: 'upload_bridge' }])
      await expect(client.query('create database another')).rejects.toThrow(/permission denied/)
    } finally {
      await client.end()
    }
  })

  test('changes nothing of this machine, beside another one, and leaves nothing', async () => {
    const other = await up('other')
    expect(await send(other)).toMatch(/^[0-9a-f]{32}$/)
    expect(readFileSync('/etc/passwd', 'utf8')).toBe(accounts)
    for (const path of ['/etc/upload-bridge', '/opt/upload-bridge', '/srv/upload-bridge', '/var/lib/upload-bridge'])
      expect((await execa('test', ['-e', path], { reject: false })).exitCode).toBe(1)
    await (await connectLab(other.directory))?.down()
    await ends.at(-1)
    expect(findTraces(other.directory)).toEqual([])
    expect(await send(one)).toMatch(/^[0-9a-f]{32}$/)
  })
})

/** Sends an upload as a customer does, and returns its id. */
function send({ customer }: BridgeLabStatus): Promise<string> {
  return sendUpload(customer, 'contract.bin', randomBytes(2000), AbortSignal.timeout(10_000))
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

function ask({ url, variables }: BridgeLabStatus, path: string, authority?: string): Promise<Answer> {
  const ca = authority === '' ? {} : { ca: readFileSync(variables.CURL_CA_BUNDLE ?? '') }
  return new Promise((answer, reject) => {
    get(`${url}${path}`, { ...ca, agent: false }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => (body += text))
      response.on('end', () => answer({ status: response.statusCode, headers: response.headers, body }))
    }).on('error', reject)
  })
}
