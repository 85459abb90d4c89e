import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { layShippedFiles, listDifferences, writeLabYaml } from '../../../src/lab/shipped/configuration.ts'

const ports = {
  ...{ api: 1, worker: 2, downstream: 3, database: 4, prometheus: 5, alertmanager: 6, proxy: 7, door: 8 },
  'dead-mans-switch': 9,
}
const plan = { ports, url: 'https://127.0.0.1:7', downstreamUrl: 'http://127.0.0.1:3', timeScale: 60 }
const differences = listDifferences(plan, 'postgres://a:b@127.0.0.1:4/a')

test('lab.yaml gives a reason for each value', () => {
  const text = writeLabYaml(differences)
  for (const { key, reason } of differences) expect(text).toContain(`#   ${key}: ${reason}\n`)
  expect(parse(text)).toMatchObject({ api: { port: 1 }, storage: { retainDelivered: '1440s', reserve: '4MiB' } })
})

test('the shipped values stay, but for those that lab.yaml has', async () => {
  const laid = parse(await layShippedFiles('static/configuration', writeLabYaml(differences)))
  expect(laid).toMatchObject({
    api: { host: '127.0.0.1', port: 1, hsts: true, trustedProxies: '127.0.0.1' },
    storage: { path: '/srv/upload-bridge/storage', reserve: '4MiB' },
    limits: { uploadsPerWindow: 10000, bytesPerWindow: '1TiB', window: '60s' },
  })
  // Neither says that keys are not needed, nor that the version is shown: the service's own defaults hold.
  expect(laid).not.toHaveProperty('auth')
  expect(laid.api).not.toHaveProperty('showVersion')
})
