import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { getUpload, sample, sendByTus, untilState } from '../support/clients.ts'
import type { Deployment } from '../support/deployment.ts'
import { prepareGround } from '../support/ground.ts'
import { scrape } from '../support/scrape.ts'
import { until } from '../support/until.ts'

const ground = prepareGround()

/** A deployment whose deliveries are paused, so that uploads stay at rest, and are read again all the time. */
async function deployAtRest(scrub: object = { every: '400ms' }): Promise<Deployment> {
  const deployment = await ground.deploy({ configuration: { storage: { scrub } } })
  await deployment.control('deliveries', 'pause')
  return deployment
}

const fileOf = ({ storagePath }: Deployment, id: string) => join(storagePath, 'uploads', id)

async function metric(url: string, name: string): Promise<number | undefined> {
  return (await scrape(url)).get(`upload_bridge_${name}`)
}

/** Why an upload is held, as operators learn it. */
async function reasonOf({ control }: Deployment, id: string): Promise<unknown> {
  return Object(await control('uploads', 'show', id)).reason
}

async function damageOf({ control }: Deployment, id: string): Promise<unknown> {
  const deliveries = (await control('deliveries', 'list')) as { id: string; damage: string | null }[]
  return deliveries.find(each => each.id === id)?.damage
}

it('finds a changed, a shorter and a missing upload at rest, holds them, and leaves the others alone', async () => {
  const deployment = await deployAtRest()
  const { api, worker, control, sink } = deployment
  expect(await metric(api.url, 'deliveries_damaged')).toBe(0)
  for (const name of ['checked_total', 'damaged_total', 'checked_bytes_total'])
    expect(await metric(worker.url, `scrub_${name}`)).toBeDefined()
  const { bytes, sha256 } = sample(300_000)
  const ids = await Promise.all([1, 2, 3, 4].map(() => sendByTus(api.url, bytes)))
  const [changed = '', shorter = '', missing = '', whole = ''] = ids
  await until('one is read', async () => ((await metric(worker.url, 'scrub_checked_total')) ?? 0) >= 4)
  const other = Buffer.from(bytes)
  other[150_000] = (other[150_000] ?? 0) ^ 1
  await writeFile(fileOf(deployment, changed), other)
  await writeFile(fileOf(deployment, shorter), bytes.subarray(1))
  await rm(fileOf(deployment, missing))
  for (const id of [changed, shorter, missing]) await untilState(api.url, id, 'held')
  expect(await reasonOf(deployment, changed)).toMatch(
    new RegExp(`^the bytes on the volume have SHA-256 [0-9a-f]{64}, not ${sha256}$`),
  )
  expect(await reasonOf(deployment, shorter)).toBe('the storage volume has 299999 of its 300000 bytes')
  expect(await reasonOf(deployment, missing)).toBe('its bytes are missing on the storage volume')
  await until('the API counts them', async () => (await metric(api.url, 'deliveries_damaged')) === 3)
  expect(await metric(worker.url, 'scrub_damaged_total')).toBe(3)
  await until('the scrub is through', async () => {
    const last = (await metric(worker.url, 'scrub_last_success_timestamp_seconds')) ?? 0
    return Date.now() / 1000 - last < 5
  })
  expect((await getUpload(api.url, whole)).state).toBe('pending')

  await writeFile(fileOf(deployment, changed), bytes)
  await control('deliveries', 'release', changed)
  await control('deliveries', 'resume')
  for (const id of [changed, whole]) await untilState(api.url, id, 'delivered')
  expect(sink.arrivals.map(({ id }) => id).toSorted()).toEqual([changed, whole].toSorted())
  await until('one less is damaged', async () => (await metric(api.url, 'deliveries_damaged')) === 2)
})

it('keeps the reason of an operator, so that nobody releases an upload because its bytes are back', async () => {
  const deployment = await deployAtRest()
  const { api, control, sink } = deployment
  const { bytes } = sample(1000)
  const id = await sendByTus(api.url, bytes)
  await control('deliveries', 'hold', id, '--reason', 'may be malware')
  await rename(fileOf(deployment, id), `${fileOf(deployment, id)}.away`)
  await until(
    'it is damaged',
    async () => (await damageOf(deployment, id)) === 'its bytes are missing on the storage volume',
  )
  expect(await reasonOf(deployment, id)).toBe('may be malware')
  await rename(`${fileOf(deployment, id)}.away`, fileOf(deployment, id))
  await until('it is whole', async () => (await damageOf(deployment, id)) === null)
  expect(await control('uploads', 'show', id)).toMatchObject({ state: 'held', reason: 'may be malware' })
  expect(sink.arrivals).toEqual([])
})

it('holds nothing because the volume is not there', async () => {
  const deployment = await deployAtRest()
  const { api, worker, storagePath } = deployment
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('it is read', async () => ((await metric(worker.url, 'scrub_checked_total')) ?? 0) > 0)
  await rename(join(storagePath, 'uploads'), join(storagePath, 'away'))
  await until('the worker says so', () => worker.lines.some(line => line.includes('could not be looked at')))
  await rename(join(storagePath, 'away'), join(storagePath, 'uploads'))
  const before = (await metric(worker.url, 'scrub_checked_total')) ?? 0
  await until('it is read again', async () => ((await metric(worker.url, 'scrub_checked_total')) ?? 0) > before)
  expect((await getUpload(api.url, id)).state).toBe('pending')
})

it('reads no faster than it may, by one worker of the deployment, and by another when that one is gone', async () => {
  const deployment = await deployAtRest({ every: '400ms', rate: '512KiB' })
  const { api, worker } = deployment
  const second = await deployment.startWorker()
  const { bytes } = sample(700_000)
  const id = await sendByTus(api.url, bytes)
  const read = async (url: string) => (await metric(url, 'scrub_checked_bytes_total')) ?? 0
  await until('one reads', async () => (await read(worker.url)) > 0)
  const [from, began] = [await read(worker.url), performance.now()]
  await until('it has read more', async () => (await read(worker.url)) > from + 1_500_000)
  expect((performance.now() - began) / 1000).toBeGreaterThan((1_500_000 - 2 * 512 * 1024) / (512 * 1024))
  expect(await read(second.url)).toBe(0)
  await worker.end('SIGKILL')
  await until('the other reads', async () => (await read(second.url)) > 0)
  expect(await readFile(fileOf(deployment, id))).toEqual(bytes)
})
