import { expect, it } from 'vitest'
import { sample, sendByTus, untilState } from './support/clients.ts'
import { freePort } from './support/free-port.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('keeps its word through kills: all that was acknowledged arrives once it can, with an equal hash', async () => {
  const deployment = await ground.deploy({ configuration: { api: { port: await freePort() } } })
  const acknowledged = new Map<string, string>()
  const { url } = deployment.api
  let sending = true
  const client = async () => {
    while (sending) {
      const { bytes, sha256 } = sample(2_000_000)
      const id = await sendByTus(url, bytes, { chunkSize: 200_000, retryDelays: Array(240).fill(250) })
      acknowledged.set(id, sha256)
    }
  }
  const clients = [client(), client(), client()]
  for (let round = 1; round <= 4; round += 1) {
    await until('some more are acknowledged', () => acknowledged.size >= round * 6)
    await deployment.api.end('SIGKILL')
    await deployment.startApi()
    await deployment.worker.end('SIGKILL')
    await deployment.startWorker()
  }
  sending = false
  await Promise.all(clients)

  for (const [id, sha256] of acknowledged) {
    await untilState(url, id, 'delivered')
    const arrivals = deployment.sink.arrivals.filter(arrival => arrival.id === id)
    expect(new Set(arrivals.map(arrival => arrival.sha256))).toEqual(new Set([sha256]))
  }
  expect(new Set(deployment.sink.arrivals.map(arrival => arrival.id)).size).toBe(acknowledged.size)
})
