import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faults } from '../../src/lab/incidents/index.ts'
import { startLab } from '../../src/lab/index.ts'
import { mutations } from '../../src/lab/mutations/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { buildBundles } from './bundles.ts'

let bundles: Awaited<ReturnType<typeof buildBundles>>
let directory: string
let lab: RunningLab

beforeAll(async () => {
  bundles = await buildBundles()
  directory = await mkdtemp(join(tmpdir(), 'lab-mutations-'))
  const options = { directory, bundles: bundles.folder, rules: 'static/monitoring', prometheus: false }
  lab = await startLab({ ...options, log: () => undefined })
  // As after a first backup.
  for (const name of ['repository', 'copy'])
    await mkdir(join(directory, 'data', 'backup', name, 'data'), { recursive: true })
})

afterAll(async () => {
  await lab?.down()
  await rm(directory, { recursive: true, force: true })
  await bundles.remove()
})

/** Everything that a mutation may leave behind, and the version that answers. */
async function look() {
  const { configPath, releasesPath, url } = lab.status()
  const { headers } = await fetch(`${url}/livez`)
  const metrics = await fetch(`${url}/metrics`)
  return {
    configuration: await readFile(configPath, 'utf8'),
    mode: (await stat(configPath)).mode,
    reloaded: /^upload_bridge_config_last_reload_successful \d/m.exec(await metrics.text())?.[0],
    releases: (await readdir(releasesPath)).sort(),
    backups: (await readdir(join(directory, 'data', 'backup'), { recursive: true })).sort(),
    notes: await readdir(join(directory, 'data', 'faults')),
    version: headers.get('x-upload-bridge-version'),
    type: headers.get('content-type'),
  }
}

test('what proves checks is told from what runbooks heal, and has a name of its own', () => {
  for (const { kind } of mutations) expect(kind).toBe('mutation')
  for (const { kind = 'incident' } of faults) expect(kind).toBe('incident')
  const names = [...faults, ...mutations].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

describe.each([
  ['a defective release', 'plain-health', 'text/plain'],
  ['a defective release of bridgectl alone', 'secrets-in-dump', 'application/health+json; charset=utf-8'],
  ['an edited configuration', 'quiet-logs', 'application/health+json; charset=utf-8'],
  ['a configuration that everybody may read', 'readable-secrets', 'application/health+json; charset=utf-8'],
  ['a release before that is gone', 'previous-lost', 'application/health+json; charset=utf-8'],
  ['a place for copies of backups that is gone', 'copy-unreachable', 'application/health+json; charset=utf-8'],
  ['a plain copy beside backups', 'plain-configuration-backup', 'application/health+json; charset=utf-8'],
  ['a reload that failed', 'failed-reload', 'application/health+json; charset=utf-8'],
  ['a dropped index', 'missing-index', 'application/health+json; charset=utf-8'],
])('%s', (_, name, type) => {
  test('is in effect until it is healed, and leaves nothing behind', async () => {
    const before = await look()
    await lab.break(name)
    expect(lab.status().faults).toEqual([name])
    const broken = await look()
    expect(broken.type).toBe(type)
    expect(broken).not.toEqual(before)
    await lab.heal(name)
    expect(lab.status().faults).toEqual([])
    expect(await look()).toEqual(before)
    await lab.heal(name)
    expect(await look()).toEqual(before)
  })
})
