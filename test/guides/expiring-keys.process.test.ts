import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { readText } from './provide-lab.ts'

const PAGE = 'docs/operations/weekly.md'
const runs = provideRuns()

describe.runIf(requires('the weekly look at keys', ['jq']))('the weekly routine', () => {
  let root: string
  const variables = () => ({ UPLOAD_BRIDGE_CONFIG: join(root, 'upload-bridge.yaml') })
  const create = (name: string, expires: string) =>
    execFileSync(join(root, 'bridgectl'), ['keys', 'create', name, '--role', 'upload', '--expires', expires], {
      env: { ...process.env, ...variables() },
    })

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'expiring-keys-'))
    for (const name of ['state', 'storage', 'releases']) mkdirSync(join(root, name))
    const places = { storage: { path: join(root, 'storage') }, state: { path: join(root, 'state') } }
    const rest = { database: { url: 'postgres://127.0.0.1:1/x' }, downstream: { url: 'http://127.0.0.1:1/' } }
    const ports = { api: { port: 1 }, worker: { port: 2 } }
    const file = { environment: 'test', ...ports, ...places, ...rest, releases: { path: join(root, 'releases') } }
    writeFileSync(join(root, 'upload-bridge.yaml'), stringify(file), { mode: 0o600 })
    const program = `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/bridge/bridgectl.cjs')}' "$@"\n`
    writeFileSync(join(root, 'bridgectl'), program, { mode: 0o755 })
  })
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  const look = () =>
    runs.run(readFileSync(PAGE, 'utf8'), {
      page: PAGE,
      only: 'keys',
      environment: { path: [root], variables: variables() },
    })

  test('names keys that expire soon, and none that has expired, as the checks of keys leave them', {
    timeout: 120_000,
  }, async () => {
    create('check-1-expired', '1ms')
    create('lasting', '300d')
    const well = await look()
    expect(well.ending.outcome, readText(well)).toBe('passed')
    create('scanner-7', '3d')
    const soon = await look()
    expect(soon.ending.outcome).toBe('failed')
    expect(readText(soon)).toMatch(/These expire soon: tell their owners\. scanner-7 /)
    expect(readText(soon)).not.toMatch(/tell their owners\..*check-1/)
  })
})
