import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { countUploads } from '../../../src/lab/workload/upload-workload.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

describe('counting acknowledged uploads', () => {
  it('counts what is downstream with an equal hash as delivered', async () => {
    const url = await serve({
      '/received': [
        { id: 'a', sha256: '1' },
        { id: 'b', sha256: '2' },
      ],
    })
    expect(
      await countUploads([upload('a', '1'), upload('b', '2')], { customer: { url }, downstreamUrl: url }, 100),
    ).toEqual({
      acknowledged: 2,
      delivered: 2,
      held: 0,
      lost: 0,
    })
  })

  it('counts another hash, and what is nowhere, as lost', async () => {
    const url = await serve({ '/received': [{ id: 'a', sha256: 'other' }] })
    expect(
      await countUploads([upload('a', '1'), upload('b', '2')], { customer: { url }, downstreamUrl: url }, 100),
    ).toEqual({
      acknowledged: 2,
      delivered: 0,
      held: 0,
      lost: 2,
    })
  })

  it('counts what is held for a reason as held', async () => {
    const url = await serve({ '/received': [], '/uploads/a': { state: 'held', reason: 'poison' } })
    expect(await countUploads([upload('a', '1')], { customer: { url }, downstreamUrl: url }, 100)).toMatchObject({
      held: 1,
      lost: 0,
    })
  })

  it('waits for what is still under way', async () => {
    const received: unknown[] = []
    const url = await serve({ '/received': received })
    setTimeout(() => received.push({ id: 'a', sha256: '1' }), 400)
    expect(await countUploads([upload('a', '1')], { customer: { url }, downstreamUrl: url }, 20_000)).toMatchObject({
      delivered: 1,
      lost: 0,
    })
  })

  it('counts everything as lost when nobody answers', async () => {
    const nowhere = 'http://127.0.0.1:1'
    expect(
      await countUploads([upload('a', '1')], { customer: { url: nowhere }, downstreamUrl: nowhere }, 0),
    ).toMatchObject({
      lost: 1,
    })
  })
})

function upload(id: string, sha256: string) {
  return { id, name: `${id}.bin`, sha256, at: 0 }
}

async function serve(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    response.statusCode = answer === undefined ? 404 : 200
    response.end(JSON.stringify(answer ?? {}))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port }: AddressInfo = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
