import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { sample, sendByForm } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { scrape } from './support/scrape.ts'
import { until } from './support/until.ts'

const ground = prepareGround()
const successful = 'upload_bridge_config_last_reload_successful'
const succeededAt = 'upload_bridge_config_last_reload_success_timestamp_seconds'

async function change({ configPath }: Deployment, section: string, values: object): Promise<void> {
  const configuration = parse(await readFile(configPath, 'utf8'))
  await writeFile(configPath, stringify({ ...configuration, [section]: { ...configuration[section], ...values } }))
}

const hashOf = (samples: ReadonlyMap<string, number>) =>
  [...samples.keys()].find(name => name.startsWith('upload_bridge_config_info{'))

it('changes level, limits and concurrency at run time, and names what has to wait', async () => {
  const deployment = await ground.deploy({ configuration: { secrets: { rotatedAt: '2026-11-01T00:00:00Z' } } })
  const { api, worker } = deployment
  const before = await scrape(api.url)
  expect(before.get(successful)).toBe(1)
  expect(before.get('upload_bridge_secret_rotated_timestamp_seconds')).toBe(1_793_491_200)
  expect(api.log.some(line => line['log.level'] === 'debug')).toBe(false)

  await change(deployment, 'log', { level: 'debug' })
  await change(deployment, 'storage', { maxUploadSize: '1KiB' })
  await change(deployment, 'worker', { concurrency: 2 })
  await change(deployment, 'database', { poolSize: 12 })
  for (const service of [api, worker]) service.signal('SIGHUP')
  // The two lines may come in two pieces.
  await until('the API has read it', () => api.log.some(line => line['configuration.waiting']))
  expect(api.log.find(line => line['configuration.changed'])).toMatchObject({
    'configuration.changed': ['worker.concurrency', 'storage.maxUploadSize', 'log.level'],
  })
  expect(api.log.find(line => line['configuration.waiting'])).toMatchObject({
    'configuration.waiting': ['database.poolSize'],
  })
  await fetch(new URL('/livez', api.url))
  await until('debug lines appear', () => api.log.some(line => line['log.level'] === 'debug'))
  expect((await sendByForm(api.url, sample(2000).bytes)).status).toBe(413)
  await until('two deliveries at a time', () => worker.log.some(line => line['worker.concurrency'] === 2))
  expect((await sendByForm(api.url, sample(100).bytes)).status).toBe(201)
  await until('the worker still delivers', () => worker.log.some(line => line.message === 'delivered'))
  const after = await scrape(api.url)
  expect(hashOf(after)).not.toBe(hashOf(before))
})

it('keeps the configuration when the new one is wrong, and shows it', async () => {
  const deployment = await ground.deploy()
  const { api, worker } = deployment
  const before = await scrape(api.url)
  await change(deployment, 'log', { level: 'loud' })
  for (const { url, log, signal } of [api, worker]) {
    signal('SIGHUP')
    await until('it says so', () => log.some(line => JSON.stringify(line.problems ?? '').includes('log.level')))
    expect((await scrape(url)).get(successful)).toBe(0)
  }
  const during = await scrape(api.url)
  expect([hashOf(during), during.get(succeededAt)]).toEqual([hashOf(before), before.get(succeededAt)])
  expect((await sendByForm(api.url, sample(10).bytes)).status).toBe(201)

  await change(deployment, 'log', { level: 'warn' })
  api.signal('SIGHUP')
  await until('it is read again', async () => (await scrape(api.url)).get(successful) === 1)
})

it('shows, checks and lists the configuration, without secrets', async () => {
  const { bridgectl, control, configPath, databaseUrl } = await ground.deploy()
  const shown = await bridgectl('config', 'show')
  expect(shown.stdout).toMatch(/^database\.url +\[secret\] +/m)
  expect(shown.stdout).not.toContain(databaseUrl)
  const fromFile = { key: 'api.port', value: 0, from: configPath }
  const byDefault = { key: 'log.keep', value: 5, from: 'default' }
  expect(await control('config', 'show')).toMatchObject({ keys: expect.arrayContaining([fromFile, byDefault]) })

  expect(await control('config', 'validate', configPath)).toEqual({ valid: true, problems: [] })
  await writeFile(`${configPath}.wrong`, 'log: { level: loud }\n')
  const wrong = await bridgectl('config', 'validate', `${configPath}:${configPath}.wrong`)
  expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('log.level: ')])
  expect(await control('config', 'reference')).toContainEqual(
    expect.objectContaining({ key: 'database.url', env: 'UPLOAD_BRIDGE_DATABASE_URL', secret: true, required: true }),
  )
  expect((await bridgectl('config', 'show', '--config', configPath, '--config', configPath)).exitCode).toBe(2)
})
