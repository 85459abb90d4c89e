import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COPIED } from '../../../src/lab/image/open-images.ts'
import { connectLab } from '../../../src/lab/index.ts'
import { sendUpload } from '../../../src/lab/kit/send-upload.ts'
import { findLacking } from '../../../src/lab/shipped/requirements.ts'
import { startApart } from '../../../src/lab/shipped/start-apart.ts'
import { AS_SHIPPED, type BridgeLabStatus } from '../../../src/lab/status.ts'
import { leaveOut } from '../../environment/requires.ts'

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('a copy of the lab as shipped', lacking.join('; '))

describe.runIf(lacking.length === 0)('a lab that is a copy', () => {
  let root: string
  let first: BridgeLabStatus
  let copy: BridgeLabStatus
  const ends: Promise<void>[] = []

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lab-copied-'))
    first = await up('first')
    copy = await up('copy')
  })

  afterAll(async () => {
    for (const name of ['first', 'copy']) await (await connectLab(join(root, name)))?.down({ now: true })
    await Promise.all(ends)
    await rm(root, { recursive: true, force: true })
  })

  async function up(name: string): Promise<BridgeLabStatus> {
    const [directory, images] = [join(root, name), join(root, 'images')]
    const options = { directory, images, bundles: resolve('dist'), rules: resolve('static/monitoring') }
    ends.push((await startApart({ ...options, profile: AS_SHIPPED, prometheus: false, log: () => undefined })).ended)
    const lab = await connectLab(directory)
    if (!lab) throw new Error('no lab runs there')
    return lab.status()
  }

  test('says so, and what that does not prove; the first one does not', async () => {
    expect(await readdir(join(root, 'images'))).toHaveLength(1)
    expect(copy.profile).toBe(AS_SHIPPED)
    expect(copy.notProven).toContain(COPIED)
    expect(copy.differences).toContainEqual(expect.stringMatching(/^the machine: a copy of one that was set up at 20/))
    expect(first.notProven).not.toContain(COPIED)
    expect(first.differences?.join()).not.toMatch(/a copy of/)
    expect([first.started.from, copy.started.from]).toEqual(['nothing', 'image'])
  })

  test('tells when customers were answered, and what each part of its start took', () => {
    for (const { started } of [first, copy]) {
      expect(started.serving).toBeLessThanOrEqual(started.ready)
      const serving = started.parts.find(({ name }) => name === 'serving')
      for (const name of ['api', 'worker', 'proxy', 'database']) {
        const part = started.parts.find(part => part.name === name)
        expect((part?.from ?? Number.NaN) + (part?.took ?? 0)).toBeLessThanOrEqual((serving?.from ?? 0) + 0.02)
      }
    }
  })

  test('has the files of one from nothing, with their kinds, modes, owners and links', async () => {
    const [one, other] = await Promise.all([listFiles(first), listFiles(copy)])
    expect(one.length).toBeGreaterThan(50)
    expect(one).toContainEqual('/etc/upload-bridge/operator.key f 600 upload-bridge:upload-bridge ')
    expect(other).toEqual(one)
  })

  test('has the same bytes in them, but for its own ports, dates and certificate', async () => {
    const [one, other] = await Promise.all([readFiles(first), readFiles(copy)])
    expect(one['/etc/upload-bridge/upload-bridge.yaml']).toContain('port: PORT')
    expect(Object.keys(one)).toHaveLength(Object.keys(other).length)
    expect(other).toEqual(one)
  })

  test('has the same roles, tables, columns and rows', async () => {
    const [one, other] = await Promise.all([readDatabase(first), readDatabase(copy)])
    expect(one.every(({ length }) => length > 1)).toBe(true)
    expect(other).toEqual(one)
  })

  test('has the same state, as bridgectl tells it', async () => {
    const [one, other] = await Promise.all([askStatus(first), askStatus(copy)])
    expect(one).toMatchObject({ admission: expect.anything() })
    expect(other).toEqual(one)
  })

  test('says what to remove when its image is damaged', async () => {
    const [key = ''] = await readdir(join(root, 'images'))
    await truncate(join(root, 'images', key, 'machine.tar'), 2_000_000)
    await expect(up('damaged')).rejects.toThrow(`its image may be damaged: remove ${join(root, 'images', key)}`)
  })

  test('takes uploads, and shares neither ports nor the certificate, nor who may approve dangers', async () => {
    for (const lab of [first, copy])
      expect(await sendUpload(lab.customer, 'a.bin', randomBytes(2000), AbortSignal.timeout(10_000))).toMatch(
        /^[0-9a-f]{32}$/,
      )
    expect(copy.url).not.toBe(first.url)
    expect(copy.approvers).not.toEqual(first.approvers)
    const across = { ...copy.customer, url: first.url }
    await expect(sendUpload(across, 'a.bin', randomBytes(10), AbortSignal.timeout(10_000))).rejects.toThrow()
  })
})

/** Where the page puts something. */
const PLACES = ['/etc/upload-bridge', '/opt/upload-bridge', '/srv/upload-bridge', '/var/lib/upload-bridge', '/etc/nginx/conf.d', '/etc/nginx/nginx.conf',
  '/etc/clamav/clamd.conf', '/var/lib/clamav', '/etc/passwd', '/etc/group', '/etc/systemd/system/upload-bridge-api.service', '/etc/systemd/system/upload-bridge-worker.service'] // biome-ignore format: a table

async function inside(lab: BridgeLabStatus, ...command: readonly string[]): Promise<string> {
  const [first = '', ...rest] = [...(lab.within ?? []), ...command]
  return (await execa(first, rest, { env: { ...lab.variables } })).stdout
}

/** Everything that differs from this machine: the upper layers of the overlays, and the volume. */
async function listFiles(lab: BridgeLabStatus): Promise<readonly string[]> {
  const layers = ['etc', 'opt', 'srv', 'var-lib'].map(name => join(lab.directory, 'machine', `-${name}`, 'upper'))
  const found = await inside(lab, 'find', ...layers, '/srv/upload-bridge', '-printf', '%p %y %m %u:%g %l\\n')
  return found
    .replaceAll(join(lab.directory, 'machine', '-var-lib', 'upper'), '/var/lib')
    .replace(new RegExp(`${join(lab.directory, 'machine')}/-(\\w+)/upper`, 'g'), '/$1')
    .split('\n')
    .filter(line => !isOfUse(line))
    .sort()
}

/** What is there because the service ran: which of it, is a matter of seconds. */
function isOfUse(path: string): boolean {
  return /^\/srv\/upload-bridge\/storage\/|^\/var\/lib\/upload-bridge\/(?!keys)/.test(path)
}

/** The texts of all files, or their hashes, with what is each lab's own replaced. */
async function readFiles(lab: BridgeLabStatus): Promise<Readonly<Record<string, string>>> {
  const files = (await inside(lab, 'find', ...PLACES, '-type', 'f')).split('\n').filter(path => !isOfUse(path))
  const texts = files.filter(path => !path.startsWith('/opt/'))
  const hashes = await inside(lab, 'sha256sum', ...files.filter(path => path.startsWith('/opt/')))
  const read = texts.map(async path => [path, neutralise(path, await inside(lab, 'cat', path), lab)] as const)
  const hashed = hashes.split('\n').map(line => [line.slice(66), line.slice(0, 64)] as const)
  return Object.fromEntries([...hashed, ...(await Promise.all(read))])
}

/** A text with what is a lab's own replaced by its name. */
function neutralise(path: string, text: string, lab: BridgeLabStatus): string {
  if (/\.(?:pem|key)$/.test(path) && path.startsWith('/etc/nginx/')) return 'CERTIFICATE'
  return text
    .replaceAll(lab.directory, 'FOLDER')
    .replace(/rotatedAt: \S+/, 'rotatedAt: DATE')
    .replace(/\b[123]\d{4}\b/g, 'PORT')
}

/** The columns, the migrations, and the roles of the database. */
async function readDatabase({ databaseUrl }: BridgeLabStatus): Promise<readonly (readonly unknown[])[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const ask = async (sql: string) => (await client.query(sql)).rows
    return [
      await ask(`select table_schema, table_name, column_name, data_type, is_nullable, column_default
        from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, 3`),
      await ask('select name from upload_bridge.migrations order by name'),
      await ask(`select rolname, rolsuper, rolcreatedb, rolcreaterole from pg_roles where rolcanlogin order by 1`),
    ]
  } finally {
    await client.end()
  }
}

/** What `bridgectl status` tells, without what changes from one second to the next. */
async function askStatus(lab: BridgeLabStatus): Promise<unknown> {
  const told = await inside(lab, join(lab.binPath, 'bridgectl'), 'status', '--json')
  return JSON.parse(neutralise('', told, lab), (name, value) =>
    /(?:At|Bytes|seconds|available|since)$/i.test(name) ? undefined : value,
  )
}
