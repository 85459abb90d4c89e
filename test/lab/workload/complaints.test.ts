import { createServer } from 'node:http'
import { Upload } from 'tus-js-client'
import { afterEach, describe, expect, test } from 'vitest'
import { sendUpload } from '../../../src/lab/kit/send-upload.ts'
import { Complaints, findReason } from '../../../src/lab/workload/complaints.ts'
import { freePort } from '../../bridge/support/free-port.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** The address of a service that answers every request the same; without a status, it takes connections and never answers. */
async function answerAlways(status?: number, body = ''): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    if (status !== undefined) response.writeHead(status).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${Object(server.address()).port}`
}

/** What an upload by form and one by tus throw. */
function sendBoth(url: string): Promise<unknown[]> {
  const byForm = sendUpload({ url }, 'a.bin', new Uint8Array(8), AbortSignal.timeout(10_000))
  const byTus = new Promise((resolve, reject) => {
    const options = { endpoint: `${url}/files/`, retryDelays: [], onSuccess: resolve, onError: reject }
    new Upload(Buffer.alloc(8), options).start()
  })
  return Promise.all(
    [byForm, byTus].map(sent =>
      sent.then(
        () => undefined,
        error => error,
      ),
    ),
  )
}

describe('the reason of a failed upload', () => {
  test('is the status and the code of the service, by form and by tus', async () => {
    const url = await answerAlways(507, JSON.stringify({ title: 'The storage is full', code: 'storage-full' }))
    expect((await sendBoth(url)).map(findReason)).toEqual(['507 storage-full', '507 storage-full'])
  })

  test('is the status alone where a proxy answers with a page', async () => {
    const url = await answerAlways(502, `<html>${'<p>Bad gateway</p>'.repeat(100)}</html>`)
    expect((await sendBoth(url)).map(findReason)).toEqual(['502', '502'])
  })

  test('is what the connection came to where nobody answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    expect((await sendBoth(url)).map(findReason)).toEqual(['no answer: ECONNREFUSED', 'no answer: ECONNREFUSED'])
    const late = await sendUpload(
      { url: await answerAlways() },
      'a.bin',
      new Uint8Array(8),
      AbortSignal.timeout(50),
    ).catch(error => error)
    expect(findReason(late)).toBe('no answer in time')
  })

  test('has at most 60 characters of one line', () => {
    expect(findReason(new Error(`${'long '.repeat(40)}\nand more`))).toHaveLength(60)
    expect(findReason(new Error('short\nand more'))).toBe('short')
  })
})

describe('customers', () => {
  const live = (outcomes: string) => {
    const said: string[] = []
    const complaints = new Complaints(line => said.push(line))
    for (const outcome of outcomes) {
      if (outcome === '✔') complaints.acknowledged()
      else complaints.failed(new Error('boom'))
    }
    return said
  }
  const FAIL = '– customers   their uploads fail: boom'

  test('say nothing while all is well', () => {
    expect(live('✔'.repeat(100))).toEqual([])
  })

  test('complain once while half of their uploads fail', () => {
    expect(live('✔✗'.repeat(50))).toEqual([FAIL])
  })

  test('are content after thirty good uploads in a row, and not before', () => {
    expect(live(`✗✗${'✔'.repeat(29)}`)).toEqual([FAIL])
    const content = '✔ customers   30 uploads in a row are acknowledged again, after 2 that failed'
    expect(live(`✗✗${'✔'.repeat(60)}`)).toEqual([FAIL, content])
    expect(live(`✗✗${'✔'.repeat(30)}✗`)).toEqual([FAIL, content, FAIL])
  })
})
