import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { buildBundles } from './bundles.ts'
import { findTraces } from './traces.ts'
import { findMissing, sendFile } from './uploads.ts'

let bundles: Awaited<ReturnType<typeof buildBundles>>
let root: string

beforeAll(async () => {
  bundles = await buildBundles()
  root = await mkdtemp(join(tmpdir(), 'two-labs-'))
})

afterAll(async () => {
  await rm(root, { recursive: true, force: true })
  await bundles.remove()
})

test('two labs run side by side and know nothing of each other, however deep their folders lie', async () => {
  const deep = join(root, 'a-folder-so-deep-that-the-address-of-its-socket-does-not-fit'.repeat(2), 'lab')
  const [one, other] = await Promise.all([up(join(root, 'one')), up(deep)])
  await one.break('downstream-down')
  expect(one.status().faults).toEqual(['downstream-down'])
  expect(other.status().faults).toEqual([])
  await expectDelivery(other)
  await one.down()
  expect(findTraces(join(root, 'one'))).toEqual([])
  await expectDelivery(other)
  await other.down()
  expect(findTraces(root)).toEqual([])
})

function up(directory: string): Promise<RunningLab> {
  return startLab({
    directory,
    bundles: bundles.folder,
    rules: 'static/monitoring',
    prometheus: false,
    log: () => undefined,
  })
}

async function expectDelivery(lab: RunningLab): Promise<void> {
  const { url, downstreamUrl } = lab.status()
  const { id = '', sha256 } = await sendFile(url)
  await expect.poll(() => findMissing(downstreamUrl, new Map([[id, sha256]])), { timeout: 20_000 }).toEqual([])
}
