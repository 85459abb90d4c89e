import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { editShippedFiles, listDifferences, SHIPPED_FILES } from '../../../src/lab/shipped/configuration.ts'

const ports = {
  ...{ api: 1, worker: 2, downstream: 3, database: 4, prometheus: 5, alertmanager: 6, proxy: 7 },
  'dead-mans-switch': 8,
  ...{ scanner: 9, pager: 10 },
}
const plan = { ports, url: 'https://127.0.0.1:7', downstreamUrl: 'http://127.0.0.1:3', timeScale: 60 }
const differences = listDifferences(plan)

test('the shipped files can be joined, because no section is in two of them', async () => {
  const texts = await editShippedFiles('static/configuration', [])
  const joined = parse(SHIPPED_FILES.map(name => texts[name]).join(''))
  expect(joined).toMatchObject({ worker: { concurrency: 4 }, storage: { reserve: '10GiB' }, database: {} })
})

test('the shipped values stay, but for those that differ', async () => {
  const texts = await editShippedFiles('static/configuration', differences)
  const laid = parse(SHIPPED_FILES.map(name => texts[name]).join(''))
  expect(laid).toMatchObject({
    api: { host: '127.0.0.1', port: 1, hsts: true, trustedProxies: '127.0.0.1' },
    storage: { path: '/srv/upload-bridge/storage', reserve: '4MiB', retainDelivered: '1440s' },
    limits: { uploadsPerWindow: 10000, bytesPerWindow: '4GiB', window: '60s' },
  })
  // Neither says that keys are not needed, nor that the version is shown: the service's own defaults hold.
  expect(laid).not.toHaveProperty('auth')
  expect(laid.api).not.toHaveProperty('showVersion')
  for (const { key, value } of differences) expect(key.split('.').reduce((tree, name) => tree[name], laid)).toBe(value)
})
