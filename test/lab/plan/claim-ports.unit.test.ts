import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { claimPorts } from '../../../src/lab/plan/claim-ports.ts'

it('gives no port to two labs, although nobody listens on them yet', async () => {
  const claims = await Promise.all(Array.from({ length: 100 }, () => claimPorts(8)))
  const all = claims.flatMap(({ ports }) => ports)
  expect(new Set(all).size).toBe(800)
  const server = createServer().listen(all[0], '127.0.0.1')
  await once(server, 'listening')
  server.close()
  for (const { release } of claims) release()
})
