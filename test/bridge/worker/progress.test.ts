import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { sendDownstream } from '../../../src/bridge/worker/send-downstream.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

const bytes = Buffer.alloc(3_000_000, 'some bytes')
const sha256 = createHash('sha256').update(bytes).digest('hex')

it('delivers to a downstream that reads slowly and steadily, however much its system takes at once', async () => {
  const url = await serve(async (request, response) => {
    await readSlowly(request, 1_000_000)
    response.end(JSON.stringify({ sha256 }))
  })
  expect(await send(url, { timeout: 800, answerTimeout: 5000 })).toEqual({ result: 'acknowledged' })
})

it('gives up on a downstream that stops reading', async () => {
  const url = await serve(request => request.once('data', () => request.pause()))
  const outcome = await send(url, { timeout: 500, answerTimeout: 60_000 })
  expect(outcome).toMatchObject({ result: 'timeout', error: 'no progress for 500 ms', isOutage: true })
})

it('waits for the answer as long as it may, and no longer', async () => {
  const url = await serve(async (request, response) => {
    for await (const _ of request);
    await wait(1200)
    response.end(JSON.stringify({ sha256 }))
  })
  expect(await send(url, { timeout: 400, answerTimeout: 60_000 })).toEqual({ result: 'acknowledged' })
  const outcome = await send(url, { timeout: 60_000, answerTimeout: 400 })
  expect(outcome).toMatchObject({ result: 'timeout', error: 'no answer for 400 ms' })
})

it('ends an answer that never ends', async () => {
  const url = await serve(async (request, response) => {
    for await (const _ of request);
    const timer = setInterval(() => response.write('x'.repeat(100_000)), 10)
    response.on('close', () => clearInterval(timer))
  })
  expect(await send(url, { timeout: 60_000, answerTimeout: 60_000 })).toMatchObject({ result: 'refused' })
})

const parameters = z
  .object({
    paths: z.object({
      '/deliveries': z.object({
        post: z.object({
          parameters: z.array(z.object({ name: z.string(), schema: z.object({ pattern: z.string().optional() }) })),
        }),
      }),
    }),
  })
  .parse(parse(readFileSync('static/contract/downstream.openapi.yaml', 'utf8'))).paths['/deliveries'].post.parameters

it('sends the headers that the contract names, in their form, and no others of its own', async () => {
  let headers: IncomingMessage['headers'] = {}
  const url = await serve(async (request, response) => {
    headers = request.headers
    for await (const _ of request);
    response.end(JSON.stringify({ sha256 }))
  })
  await send(url, { timeout: 10_000, answerTimeout: 10_000 })
  const { host: _host, connection: _connection, 'content-type': type, ...own } = headers
  expect(type).toBe('application/octet-stream')
  expect(Object.keys(own).sort()).toEqual(parameters.map(({ name }) => name.toLowerCase()).sort())
  for (const { name, schema } of parameters) expect(own[name.toLowerCase()]).toMatch(new RegExp(schema.pattern ?? ''))
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.on('error', () => {})
    void Promise.resolve(listener(request, response)).catch(() => {})
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/deliveries`
}

async function readSlowly(request: IncomingMessage, bytesPerSecond: number): Promise<void> {
  for await (const chunk of request) await wait((chunk.length / bytesPerSecond) * 1000)
}

async function send(url: string, times: { readonly timeout: number; readonly answerTimeout: number }) {
  const { path, remove } = await makeTemporaryFolder()
  onTestFinished(remove)
  const file = join(path, 'data')
  await writeFile(file, bytes)
  const upload = { id: 'a'.repeat(32), name: 'x y.bin', size: bytes.length, sha256, metadata: 'filename eA==,empty' }
  return sendDownstream({ url, token: 'token', ...times, upload, path: file, signal: new AbortController().signal })
}
