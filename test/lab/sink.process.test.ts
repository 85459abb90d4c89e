import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSink, openReceivedLog } from '../../src/lab/sink/sink.ts'

let folder: string
let file: string
let server: Server
let url: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sink-'))
  file = join(folder, 'data', 'received.ndjson')
  await open()
})

afterEach(async () => {
  await close()
  await rm(folder, { recursive: true, force: true })
})

test('a delivery is answered with its hash and listed', async () => {
  const response = await deliver('1', 'bytes', { 'x-upload-name': 'f%C3%BC%20r.bin' })
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ sha256: hash('bytes') })
  expect(await received()).toEqual([{ id: '1', name: 'fü r.bin', size: 5, sha256: hash('bytes') }])
})

test('the same delivery twice is one; other bytes under its id are refused', async () => {
  await deliver('1', 'bytes')
  expect((await deliver('1', 'bytes')).status).toBe(200)
  expect((await deliver('1', 'other')).status).toBe(409)
  expect(await received()).toHaveLength(1)
})

test('bytes that are not those promised are refused and not listed', async () => {
  const digest = Buffer.from(hash('something else'), 'hex').toString('base64')
  expect((await deliver('1', 'bytes', { 'content-digest': `sha-256=:${digest}:` })).status).toBe(400)
  expect(await received()).toEqual([])
})

test('a delivery that breaks off is not listed', async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('half'))
      setTimeout(() => controller.error(new Error('cut')), 50)
    },
  })
  const init = { method: 'POST', headers: { 'x-upload-id': '1' }, body, duplex: 'half' }
  await expect(fetch(`${url}/deliveries`, init)).rejects.toThrow()
  expect(await received()).toEqual([])
})

test('what arrived is remembered over a restart, whatever a kill left of the last line', async () => {
  await deliver('1', 'one')
  await close()
  await appendFile(file, '{"id":"2","na')
  await open()
  await deliver('3', 'three')
  await close()
  await open()
  expect(await received()).toMatchObject([{ id: '1' }, { id: '3', sha256: hash('three') }])
})

test('health is 200, anything else 404, and a delivery without an id 400', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/`)).status).toBe(404)
  expect((await fetch(`${url}/deliveries`, { method: 'POST', body: 'x' })).status).toBe(400)
})

async function open(): Promise<void> {
  server = createSink(await openReceivedLog(file)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

async function close(): Promise<void> {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

function deliver(id: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/deliveries`, { method: 'POST', headers: { 'x-upload-id': id, ...headers }, body })
}

async function received(): Promise<unknown> {
  return (await fetch(`${url}/received`)).json()
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
