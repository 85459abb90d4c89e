import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { getUpload } from '../../support/clients.ts'
import { prepareGround } from '../../support/ground.ts'

const ground = prepareGround()
let received = (_: string): [status: number, body: string] => [404, '']
let arrived = (): string => ''
const list = createServer((_, response) => {
  const [status, body] = received(arrived())
  response.writeHead(status).end(body)
})
afterEach(() => list.close())

it('sends a file of its own, and compares it with what downstream lists, where downstream lists anything', async () => {
  list.listen(0, '127.0.0.1')
  await once(list, 'listening')
  const receivedUrl = `http://127.0.0.1:${Object(list.address()).port}/`
  const { api, sink, bridgectl } = await ground.deploy({ configuration: { downstream: { receivedUrl } } })
  arrived = () => String(sink.arrivals.at(-1)?.id)
  const ask = (...args: string[]) => bridgectl('uploads', 'canary', ...args)

  received = id => [200, JSON.stringify([{ id, sha256: String(sink.arrivals.at(-1)?.sha256).toUpperCase() }])]
  const { exitCode, stdout, stderr } = await ask()
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const [id = ''] = stdout.split(' ')
  expect(sink.arrivals).toMatchObject([{ id, name: 'canary.txt' }])
  expect((await getUpload(api.url, id)).state).toBe('delivered')

  const wrong = [
    ['[]', /did not receive upload/],
    [() => JSON.stringify([{ id: arrived(), sha256: 'f'.repeat(64) }]), /has upload \S+ with SHA-256 f+, sent was/],
  ] as const
  for (const [body, why] of wrong) {
    received = () => [200, typeof body === 'string' ? body : body()]
    expect(await ask()).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(why) })
  }

  for (const [answer, why] of [
    [[404, ''], 'answers 404'],
    [[200, '<html>'], 'has no list of uploads'],
  ] as const) {
    received = () => [...answer]
    const stderr = `What downstream has was not compared: ${receivedUrl} ${why}`
    expect(await ask()).toMatchObject({ exitCode: 0, stderr })
  }
  list.close()
  expect((await ask()).stderr).toMatch(/does not answer/)

  sink.mood = 'failing'
  expect((await ask('--wait', '500ms')).stderr).toMatch(/is pending, not delivered/)
})

it('compares nothing where no list is known', async () => {
  const { sink, control } = await ground.deploy()
  expect(await control('uploads', 'canary')).toMatchObject({ state: 'delivered' })
  expect(sink.arrivals).toMatchObject([{ name: 'canary.txt' }])
})
