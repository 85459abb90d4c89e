import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { readProblem, readUpload, sample } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const tus = { 'Tus-Resumable': '1.0.0' }

async function createKey({ control }: Deployment, id: string, role: string, ...options: string[]): Promise<string> {
  return z.object({ key: z.string() }).parse(await control('keys', 'create', id, '--role', role, ...options)).key
}

function send(url: string, method: string, path: string, key?: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...tus, ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), ...init.headers }
  return fetch(new URL(path, url), { ...init, method, headers })
}

async function upload(url: string, key: string, size = 100): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([sample(size).bytes]), 'a.bin')
  const response = await send(url, 'POST', '/uploads', key, { body: form })
  if (response.status !== 201) throw new Error((await readProblem(response)).code)
  return (await readUpload(response)).id
}

it('counts the requests of our own keys apart, whatever header a customer sends', async () => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true } } })
  const { api } = deployment
  const customer = await createKey(deployment, 'customer', 'upload')
  const operator = await createKey(deployment, 'operator', 'operate')
  const headers = { 'User-Agent': 'bridgectl/1.0.0', 'X-Synthetic': 'true' }
  const path = `/uploads/${'0'.repeat(32)}`
  for (const key of [customer, customer, operator]) await send(api.url, 'GET', path, key, { headers })
  const metrics = await (await send(api.url, 'GET', '/metrics', operator)).text()
  const series = 'upload_bridge_http_requests_total{method="GET",route="/uploads/:id",code="404",version="unknown"'
  expect(metrics).toContain(`${series}} 2\n`)
  expect(metrics).toContain(`${series},synthetic="true"} 1\n`)
  const answered = api.log.filter(line => line.message === 'request answered' && line['url.path'] === path)
  expect(answered.map(line => line['user.roles'])).toEqual([['upload'], ['upload'], ['operate']])
})

it('lets each role do what it may, and nobody without a key anything but ask for health', async () => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true, maxFailures: 1000 } } })
  const { api } = deployment
  const keys = {
    nobody: undefined,
    wrong: `ub_x_${'A'.repeat(43)}`,
    upload: await createKey(deployment, 'sender', 'upload'),
    other: await createKey(deployment, 'other', 'upload'),
    read: await createKey(deployment, 'reader', 'read'),
    operate: await createKey(deployment, 'operator', 'operate'),
  }
  const id = await upload(api.url, keys.upload)
  const begun = async () => {
    const created = await send(api.url, 'POST', '/files/', keys.upload, { headers: { 'Upload-Length': '10' } })
    return created.headers.get('Location')?.split('/').at(-1)
  }
  // nobody, wrong, upload (its own), other (of the same role), read, operate
  const matrix: readonly (readonly [string, () => Promise<string> | string, readonly number[]])[] = [
    ['GET', () => '/livez', [200, 200, 200, 200, 200, 200]],
    ['GET', () => '/readyz', [200, 200, 200, 200, 200, 200]],
    ['GET', () => '/metrics', [401, 401, 403, 403, 200, 200]],
    ['POST', () => '/files/', [401, 401, 201, 201, 403, 201]],
    ['HEAD', () => `/files/${id}`, [401, 401, 200, 404, 200, 200]],
    ['GET', () => `/uploads/${id}`, [401, 401, 200, 404, 200, 200]],
    ['GET', () => `/uploads/${id}/content`, [401, 401, 200, 404, 200, 200]],
    ['PATCH', async () => `/files/${await begun()}`, [401, 401, 204, 404, 403, 204]],
    ['HEAD', async () => `/files/${await begun()}`, [401, 401, 200, 404, 200, 200]],
    ['DELETE', async () => `/files/${await begun()}`, [401, 401, 204, 404, 403, 204]],
    ['GET', () => '/nowhere', [401, 401, 404, 404, 404, 404]],
  ]
  for (const [method, path, expected] of matrix) {
    const found: number[] = []
    for (const key of Object.values(keys)) {
      const init =
        method === 'POST' ? { headers: { 'Upload-Length': '10' } } : method === 'PATCH' ? { headers: patch } : {}
      found.push((await send(api.url, method, await path(), key, init)).status)
    }
    expect([method, await path(), found]).toEqual([method, expect.any(String), expected])
  }
  await untilDelivered(api.url, id, keys.operate)
})

const patch = { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }

async function untilDelivered(url: string, id: string, key: string): Promise<void> {
  await until('it is delivered', async () => {
    const described = await readUpload(await send(url, 'GET', `/uploads/${id}`, key))
    return described.state === 'delivered'
  })
}

it('refuses revoked, expired and guessed keys all alike, writes that down, and slows guessing down', async () => {
  const auditPath = join(ground.get().folder, 'access.ndjson')
  const auth = { required: true, maxFailures: 6 }
  const deployment = await ground.deploy({ configuration: { auth, audit: { path: auditPath } } })
  const { api, control, bridgectl, configPath } = deployment
  const good = await createKey(deployment, 'good', 'operate')
  const revoked = await createKey(deployment, 'revoked', 'operate')
  const expired = await createKey(deployment, 'expired', 'operate', '--expires', '1ms')
  const answer = async (key: string | undefined, header?: string) => {
    const headers = header === undefined ? {} : { Authorization: header }
    const response = await send(api.url, 'GET', `/uploads/${'a'.repeat(32)}`, key, { headers })
    const { instance: _instance, ...problem } = z.record(z.string(), z.unknown()).parse(await response.json())
    return { status: response.status, problem, challenge: response.headers.get('WWW-Authenticate') }
  }
  expect((await answer(revoked)).status).toBe(404)
  await control('keys', 'revoke', 'revoked')
  const refused = await answer(undefined)
  expect(refused).toMatchObject({ status: 401, challenge: 'Bearer' })
  const guesses = [revoked, expired, `ub_good_${'A'.repeat(43)}`, `ub_nobody_${'A'.repeat(43)}`, '']
  for (const key of guesses) expect(await answer(key)).toEqual(refused)
  expect(await answer(undefined, 'Basic Z29vZDpnb29k')).toEqual(refused)
  expect((await answer(`ub_nobody_${'B'.repeat(43)}`)).status).toBe(429)
  // Other people's wrong keys never keep a right one out.
  expect((await answer(good)).status).toBe(404)

  const audit = await readFile(auditPath, 'utf8')
  expect(audit.match(/"event.action":"authenticate"/g)?.length).toBe(8)
  expect(audit).toContain('keys revoke')
  for (const key of [good, revoked, expired]) expect(audit + JSON.stringify(api.log)).not.toContain(key)
  const kept = await readFile(join(configPath, '..', 'state', 'keys.json'), 'utf8')
  // Behind the id and its underscores: the secret itself may have some, too.
  expect(kept).not.toContain(good.slice('ub_good_'.length))
  expect((await stat(join(configPath, '..', 'state', 'keys.json'))).mode & 0o077).toBe(0)
  expect(audit).toContain('keys create')
  expect((await bridgectl('keys', 'create', 'good', '--role', 'read')).exitCode).toBe(1)
  expect(await control('keys', 'list')).toMatchObject([{ id: 'good' }, { id: 'revoked' }, { id: 'expired' }])
})

it('makes keys before the service was ever started', async () => {
  const { bridgectlWith } = await ground.deploy()
  const environment = { UPLOAD_BRIDGE_STATE_PATH: join(ground.get().folder, 'new', 'state') }
  const made = await bridgectlWith(environment, 'keys', 'create', 'first', '--role', 'upload')
  expect([made.exitCode, made.stderr]).toEqual([0, ''])
  expect((await bridgectlWith(environment, 'keys', 'list', '--json')).stdout).toContain('"first"')
})

it('loses no key and no revocation, however many commands change keys at the same time', async () => {
  const deployment = await ground.deploy()
  await createKey(deployment, 'leaked', 'upload')
  const names = ['one', 'two', 'three', 'four', 'five']
  await Promise.all([
    ...names.slice(0, 3).map(name => createKey(deployment, name, 'read')),
    deployment.control('keys', 'revoke', 'leaked'),
    ...names.slice(3).map(name => createKey(deployment, name, 'read')),
  ])
  const keys = z
    .array(z.object({ id: z.string(), revokedAt: z.string().optional() }))
    .parse(await deployment.control('keys', 'list'))
  expect(keys.map(({ id }) => id).sort()).toEqual(['leaked', ...names].sort())
  expect(keys.filter(({ revokedAt }) => revokedAt !== undefined).map(({ id }) => id)).toEqual(['leaked'])
})

it('lets bridgectl send its canary with the key of the configuration', async () => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true } } })
  const { control, bridgectl, configPath } = deployment
  expect((await bridgectl('uploads', 'send', configPath, '--name', 'canary.bin')).exitCode).toBe(1)
  const keyFile = join(configPath, '..', 'operator.key')
  await control('keys', 'create', 'operator', '--role', 'operate', '--output', keyFile)
  const env = { UPLOAD_BRIDGE_BRIDGECTL_API_KEY_FILE: keyFile }
  const sent = await deployment.bridgectlWith(env, 'uploads', 'send', configPath, '--name', 'canary.bin')
  expect([sent.exitCode, sent.stderr]).toEqual([0, ''])
})

it.each([
  ['is lost', undefined],
  ['is empty', ''],
])('makes the operators a new key when the file of theirs %s, and sends nothing without one', async (_, content) => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true } } })
  const { bridgectlWith, configPath } = deployment
  const keyFile = join(configPath, '..', 'lost.key')
  if (content !== undefined) await writeFile(keyFile, content)
  const env = { UPLOAD_BRIDGE_BRIDGECTL_API_KEY_FILE: keyFile }
  const sent = await bridgectlWith(env, 'uploads', 'send', configPath)
  expect([sent.exitCode, sent.stderr]).toEqual([2, expect.stringContaining('UPLOAD_BRIDGE_BRIDGECTL_API_KEY_FILE')])
  const made = await bridgectlWith(env, 'keys', 'create', 'operator-2', '--role', 'operate')
  expect([made.exitCode, made.stdout]).toEqual([0, expect.stringMatching(/^ub_operator-2_/)])
})

it('holds every client to its quota', async () => {
  const limits = { uploadsPerWindow: 3, bytesPerWindow: '10KiB', bytesAtRest: '8KiB' }
  const deployment = await ground.deploy({ configuration: { limits } })
  const { api } = deployment
  const keyOf = (id: string) => createKey(deployment, id, 'upload')
  const [many, much, full] = [await keyOf('many'), await keyOf('much'), await keyOf('full')]
  for (let count = 0; count < 3; count++) await upload(api.url, many)
  await expect(upload(api.url, many)).rejects.toThrow('quota-exceeded')
  const create = (key: string, size: number) =>
    send(api.url, 'POST', '/files/', key, { headers: { 'Upload-Length': `${size}` } })
  expect((await create(much, 5000)).status).toBe(201)
  const over = await create(much, 6000)
  expect([over.status, Number(over.headers.get('Retry-After')) > 0]).toEqual([429, true])
  await upload(api.url, full, 6000)
  expect((await readProblem(await create(full, 4000))).code).toBe('quota-storage-exceeded')
  expect((await create(full, 1000)).status).toBe(201)
})
