import { expect, it } from 'vitest'
import { readProblem, type StreamingRequest, sample, sendByForm } from './support/clients.ts'
import { prepareGround } from './support/ground.ts'
import { scrape } from './support/scrape.ts'
import { until } from './support/until.ts'

const ground = prepareGround()

it('refuses what is more than it takes on, answers for its health all the same, and finishes what it began', async () => {
  const { api } = await ground.deploy({ configuration: { limits: { requestsInFlight: 3 } } })
  const slow = Array.from({ length: 3 }, () => openUpload(api.url))
  await until('three are under way', async () => {
    const response = await sendByForm(api.url, sample(10).bytes)
    if (response.status === 201) return false
    expect(response.headers.get('Retry-After')).toBe('1')
    expect(await readProblem(response)).toMatchObject({ status: 503, code: 'overloaded' })
    return true
  })
  expect((await fetch(new URL('/readyz', api.url))).status).toBe(200)
  expect((await scrape(api.url)).get('upload_bridge_uploads_rejected_total{reason="overload"}')).toBe(1)
  for (const upload of slow) upload.finish()
  expect((await Promise.all(slow.map(({ answer }) => answer))).map(({ status }) => status)).toEqual([201, 201, 201])
  expect((await sendByForm(api.url, sample(10).bytes)).status).toBe(201)
})

/** An upload of which only the first bytes are there until it is told to finish. */
function openUpload(url: string): { answer: Promise<Response>; finish: () => void } {
  const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="slow.bin"\r\n\r\nfirst'
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
      given.enqueue(Buffer.from(head))
    },
  })
  const request: StreamingRequest = {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    body,
    duplex: 'half',
  }
  return {
    answer: fetch(new URL('/uploads', url), request),
    finish() {
      controller?.enqueue(Buffer.from('last\r\n--x--\r\n'))
      controller?.close()
    },
  }
}
