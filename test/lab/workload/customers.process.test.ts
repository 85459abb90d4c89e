import { expect, it } from 'vitest'
import { startCustomers } from '../../../src/lab/workload/customers.ts'
import { freePort } from '../../bridge/support/free-port.ts'
import { prepareGround } from '../../bridge/support/ground.ts'
import { until } from '../../bridge/support/until.ts'

const ground = prepareGround()

it('customers send in four ways, notice when their uploads fail, and that they do not any more', async () => {
  const deployment = await ground.deploy({ configuration: { api: { port: await freePort() } } })
  const said: string[] = []
  const customers = startCustomers({ url: deployment.api.url }, line => said.push(line))
  const names = () => deployment.sink.arrivals.map(({ name }) => name)
  await until('each of them has an upload that arrived', () =>
    ['photos', 'forms', 'train', 'slow'].every(habit => names().some(name => name === `practice-${habit}-1.bin`)),
  )
  expect(said).toEqual([])
  await deployment.api.end('SIGKILL')
  await until('they notice it', () => said.length > 0)
  await deployment.startApi()
  await until('they notice that it is over', () => said.length > 1)
  expect(said).toEqual([
    expect.stringMatching(/^– customers {3}their uploads fail: no answer: \w+$/),
    expect.stringMatching(/^✔ customers {3}10 uploads in a row are acknowledged again, after \d+ that failed$/),
  ])
  await customers.stop()
})
