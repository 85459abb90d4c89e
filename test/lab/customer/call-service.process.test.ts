import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Customer, callService } from '../../../src/lab/customer/call-service.ts'
import { AUTHORITY, makeCertificates } from '../../../src/lab/shipped/certificates.ts'
import { requires } from '../../environment/requires.ts'

describe.runIf(requires('a customer of a service with TLS', ['openssl']))('a customer', () => {
  let folder: string
  let server: Server
  let customer: Required<Customer>

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'customer-'))
    const [certificate, key, keyFile] = ['a.pem', 'a.key', 'customer.key'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    const issuer = { folder, name: 'uploads.example', env: { PATH: process.env.PATH ?? '' } }
    await makeCertificates(issuer, { certificate, key })
    await writeFile(keyFile, 'secret\n')
    server = createServer(
      { cert: await readFile(certificate), key: await readFile(key) },
      async ({ headers, socket, method }, answer) => {
        const { authorization, 'content-type': type, 'content-length': length } = headers
        answer.statusCode = 507
        answer.end(JSON.stringify({ authorization, type, length, method, from: socket.remoteAddress }))
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    customer = { url: `https://127.0.0.1:${port}`, keyFile, authorityFile: join(folder, AUTHORITY) }
  })

  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  const call = async (who: Customer, options: Omit<Parameters<typeof callService>[2], 'signal'> = {}) => {
    const { status, text } = await callService(who, '/uploads', { ...options, signal: AbortSignal.timeout(5000) })
    return { status, ...JSON.parse(text) }
  }

  test('sends its key, from the address that it is told', async () => {
    expect(await call(customer, { localAddress: '127.0.0.7' })).toMatchObject({
      status: 507,
      authorization: 'Bearer secret',
      from: '127.0.0.7',
      method: 'GET',
    })
  })

  test('gets an answer that comes before the service has read everything', async () => {
    const body = new FormData()
    body.set('file', new Blob([new Uint8Array(4_000_000)]), 'a.bin')
    const answer = await call(customer, { method: 'POST', body })
    expect(answer).toMatchObject({ status: 507, type: expect.stringMatching(/^multipart\/form-data; boundary=/) })
    expect(Number(answer.length)).toBeGreaterThan(4_000_000)
  })

  test('does not send its key to somebody whose CA it does not know', async () => {
    const { url, keyFile } = customer
    await expect(call({ url, keyFile })).rejects.toThrow(/certificate|issuer/)
  })
})
