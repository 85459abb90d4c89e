import pg from 'pg'
import { expect, it } from 'vitest'
import { getUpload, sample, sendByTus, untilState } from '../support/clients.ts'
import { prepareGround } from '../support/ground.ts'
import { scrape } from '../support/scrape.ts'
import { until } from '../support/until.ts'

const ground = prepareGround()
const patient = { downstream: { timeout: '1m' } }

it('holds an upload over which three workers died, and delivers those that were under way beside it and behind it', async () => {
  const deployment = await ground.deploy({ configuration: patient })
  const { api, control, sink } = deployment
  sink.mood = 'silent'
  const ids = await Promise.all([1, 2].map(() => sendByTus(api.url, sample(1000).bytes)))
  await until('both are under way', () => sink.attempts === 2)
  // After the first death both are suspect, and are tried one at a time, in turns.
  for (const attempts of [3, 4, 5]) {
    await deployment.worker.end('SIGKILL')
    await deployment.startWorker()
    await until('one is under way again', () => sink.attempts === attempts)
  }
  await deployment.worker.end('SIGKILL')
  sink.mood = 'fine'
  const behind = await sendByTus(api.url, sample(1000).bytes)
  const { url } = await deployment.startWorker()
  await untilState(api.url, behind, 'delivered')
  // Whichever of the two had three turns is the one to blame.
  const held = await until('one is held', async () => {
    const states = await Promise.all(ids.map(id => getUpload(api.url, id)))
    return states.find(({ state }) => state === 'held')
  })
  const [poison = '', beside = ''] = ids.toSorted(id => (id === held.id ? -1 : 1))
  await untilState(api.url, beside, 'delivered')
  expect(await control('uploads', 'show', poison)).toMatchObject({
    reason: 'the worker died 3 times while it delivered it',
  })
  expect((await scrape(url)).get('upload_bridge_deliveries_crashed_total')).toBe(1)
  expect(sink.attempts).toBe(7)

  await control('deliveries', 'release', poison)
  await untilState(api.url, poison, 'delivered')
})

it('does not blame an upload when its worker lives and only lost the database', async () => {
  const { api, databaseUrl, sink, worker } = await ground.deploy({ configuration: patient })
  sink.mood = 'silent'
  const id = await sendByTus(api.url, sample(1000).bytes)
  await until('it is under way', () => sink.attempts === 1)
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'upload-bridge-worker%'`,
    )
    expect(rowCount).toBeGreaterThan(1)
    await until('it is under way again', () => sink.attempts === 2)
    const { rows } = await client.query('select state, crashes from upload_bridge.uploads where id = $1', [id])
    expect(rows).toEqual([{ state: 'pending', crashes: 0 }])
  } finally {
    await client.end()
  }
  expect(worker.isRunning).toBe(true)
  expect((await scrape(worker.url)).get('upload_bridge_deliveries_crashed_total')).toBe(0)
})
