import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfiguration } from '../../src/bridge/configuration/load-configuration.ts'
import { listConfigurationKeys } from '../../src/bridge/index.ts'

const PAGE = 'docs/configuration.md'

test('the guide has a row for every key, with its variable', () => {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `([\w.]+)`<br\/>`(UPLOAD_BRIDGE_\w+)` \|/gm)]
  expect(rows.map(([, key, env]) => ({ key, env }))).toEqual(
    listConfigurationKeys().map(({ key, env }) => ({ key, env })),
  )
})

test.each(['development', 'staging', 'production'])(
  'the files to copy are right for %s, and hold no secret',
  async name => {
    const files = ['base', name].map(file => `static/configuration/${file}.yaml`)
    const { configuration, origins } = await loadConfiguration(files, { UPLOAD_BRIDGE_DATABASE_URL: 'postgres://x/y' })
    expect(configuration.environment).toBe(name)
    const secrets = listConfigurationKeys().filter(({ key, secret }) => secret && origins.has(key))
    expect(secrets.map(({ key }) => origins.get(key))).toEqual(['UPLOAD_BRIDGE_DATABASE_URL'])
  },
)
