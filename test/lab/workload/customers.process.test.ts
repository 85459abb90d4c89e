import { expect, it } from 'vitest'
import { startCustomers } from '../../../src/lab/workload/customers.ts'
import { freePort } from '../../bridge/support/free-port.ts'
import { prepareGround } from '../../bridge/support/ground.ts'
import { until } from '../../bridge/support/until.ts'

const ground = prepareGround()

it('customers send in five ways, notice when their uploads fail, and that they do not any more', async () => {
  const deployment = await ground.deploy({ configuration: { api: { port: await freePort() } } })
  const said: string[] = []
  const customers = startCustomers({ url: deployment.api.url }, line => said.push(line))
  const names = () => deployment.sink.arrivals.map(({ name }) => name)
  await until('each of them has an upload that arrived', () =>
    ['photos', 'readings', 'forms', 'train', 'slow'].every(habit =>
      names().some(name => name === `practice-${habit}-1.bin`),
    ),
  )
  expect(said).toEqual([])
  await deployment.api.end('SIGKILL')
  await until('they notice it', () => said.length > 0)
  await deployment.startApi()
  await until('they notice that it is over', () => said.length > 1)
  expect(said).toEqual([
    expect.stringMatching(/^– customers {3}their uploads fail: no answer: \w+$/),
    expect.stringMatching(/^✔ customers {3}30 uploads in a row are acknowledged again, after \d+ that failed$/),
  ])
  const at = Date.now()
  await customers.stop()
  const arrived = new Map(deployment.sink.arrivals.map(({ id, sha256 }) => [id, sha256]))
  const { acknowledged, attempts } = customers
  expect(acknowledged.length).toBeGreaterThan(10)
  await until('all that was acknowledged arrived', () =>
    acknowledged.every(({ id }) => deployment.sink.arrivals.some(one => one.id === id)),
  )
  expect(arrived.get(acknowledged[0]?.id ?? '')).toBe(acknowledged[0]?.sha256)
  // What was on its way when they stopped is neither acknowledged nor given up.
  expect(attempts.filter(one => one.acknowledged)).toHaveLength(acknowledged.length)
  expect(attempts.some(one => !one.acknowledged)).toBe(true)
  expect(attempts.every(({ ended }) => ended <= at)).toBe(true)
})

it('a customer on a slow line is not kept waiting by the service', async () => {
  const deployment = await ground.deploy()
  const customers = startCustomers({ url: deployment.api.url }, () => undefined)
  await until('the slow one has sent a file', () =>
    customers.acknowledged.some(({ name }) => name === 'practice-slow-1.bin'),
  )
  await customers.stop()
  const at = customers.acknowledged.find(({ name }) => name === 'practice-slow-1.bin')?.at
  const took = (isOurs: boolean) =>
    customers.attempts.filter(one => (one.ended === at) === isOurs).map(({ began, ended }) => ended - began)
  // On a busy machine everybody waits.
  expect(Math.max(...took(true))).toBeLessThan(2000 + 2 * Math.max(0, ...took(false)))
})
