import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { readProblem } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

async function createKey({ control }: Deployment, id: string, role: string): Promise<string> {
  return z.object({ key: z.string() }).parse(await control('keys', 'create', id, '--role', role)).key
}

function announce(url: string, key: string): Promise<Response> {
  const headers = { 'Tus-Resumable': '1.0.0', 'Upload-Length': '10', Authorization: `Bearer ${key}` }
  return fetch(new URL('/files/', url), { method: 'POST', headers })
}

const untilStatus = (url: string, key: string, status: number) =>
  until(`it is answered ${status}`, async () => {
    const response = await announce(url, key)
    return response.status === status ? response : undefined
  })

it('refuses one client for some time, lists it, counts it and writes it to the audit trail', async () => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true } } })
  const { api, bridgectl, control, configPath } = deployment
  const wild = await createKey(deployment, 'wild', 'upload')
  const calm = await createKey(deployment, 'calm', 'upload')
  const reader = await createKey(deployment, 'reader', 'read')
  expect((await announce(api.url, wild)).status).toBe(201)

  const block = ['clients', 'block', 'wild', '--expires', '4h', '--reason', 'out of control']
  expect((await bridgectl(...block)).stdout).toMatch(/^wild is blocked until 20/)
  const refused = await untilStatus(api.url, wild, 403)
  const seconds = Number(refused.headers.get('Retry-After'))
  expect(seconds).toBeGreaterThan(4 * 3600 - 120)
  expect(seconds).toBeLessThanOrEqual(4 * 3600)
  expect((await readProblem(refused)).code).toBe('client-blocked')
  expect((await announce(api.url, calm)).status).toBe(201)
  expect(await control('clients', 'list')).toMatchObject([{ id: 'wild', reason: 'out of control' }])
  const metrics = await fetch(new URL('/metrics', api.url), { headers: { Authorization: `Bearer ${reader}` } })
  expect(await metrics.text()).toMatch(/^upload_bridge_uploads_rejected_total\{reason="blocked"\} [1-9]/m)

  // While the database is away, it stays blocked, and nobody who was not is.
  await ground.get().postgres.stop()
  expect((await announce(api.url, wild)).status).toBe(403)
  expect((await announce(api.url, calm)).status).not.toBe(403)
  await ground.get().postgres.start()

  await until('it is unblocked', async () => (await bridgectl('clients', 'unblock', 'wild')).exitCode === 0)
  await untilStatus(api.url, wild, 201)
  expect(await control('clients', 'list')).toEqual([])
  expect((await bridgectl('clients', 'unblock', 'wild')).stdout).toBe('wild is not blocked')

  const trail = await readFile(join(dirname(configPath), 'state', 'audit.ndjson'), 'utf8')
  const events = trail
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(events).toContainEqual(
    expect.objectContaining({
      'event.action': 'clients block',
      'event.outcome': 'success',
      'event.reason': 'out of control',
      'user.target.name': 'wild',
    }),
  )
  expect(events.some(event => event['event.action'] === 'clients unblock')).toBe(true)
  // The refusals of a client out of control would fill it.
  expect(events.filter(event => event['event.action'] === 'authenticate')).toEqual([])
})

it('lets a client come again by itself when its block is over, also after a restart', async () => {
  const deployment = await ground.deploy({ configuration: { auth: { required: true } } })
  const wild = await createKey(deployment, 'wild', 'upload')
  await deployment.control('clients', 'block', 'wild', '--expires', '4s', '--reason', 'out of control')
  await deployment.api.end()
  const { url } = await deployment.startApi()
  expect((await announce(url, wild)).status).toBe(403)
  await untilStatus(url, wild, 201)
})

it('blocks no key that is unknown, refused already or not a client’s, and nobody for ever', async () => {
  const deployment = await ground.deploy()
  for (const [id, role] of [
    ['prometheus', 'read'],
    ['operator', 'operate'],
    ['gone', 'upload'],
    ['wild', 'upload'],
  ] as const)
    await createKey(deployment, id, role)
  await deployment.control('keys', 'revoke', 'gone')
  const block = (id: string, expires: string, reason = 'x') =>
    deployment.bridgectl('clients', 'block', id, '--expires', expires, '--reason', reason)
  for (const id of ['nobody', 'prometheus', 'operator', 'gone']) expect((await block(id, '1h')).exitCode).toBe(1)
  expect((await block('wild', '31d')).exitCode).toBe(2)
  expect((await block('wild', 'soon')).exitCode).toBe(2)
  expect((await block('wild', '1h', ' ')).exitCode).toBe(2)
  expect(await deployment.control('clients', 'list')).toEqual([])
})
