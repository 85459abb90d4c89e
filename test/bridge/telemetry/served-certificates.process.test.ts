import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificateMetric, readServedCertificates } from '../../../src/bridge/telemetry/served-certificates.ts'
import { type Issuer, issueCertificate, makeCertificates } from '../../../src/lab/shipped/certificates.ts'
import { requires } from '../../environment/requires.ts'

describe.runIf(requires('served certificates', ['openssl']))('the certificates that are served', () => {
  let issuer: Issuer
  let server: Server
  let url: string

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'served-'))
    issuer = { folder, name: 'uploads.example', env: { PATH: process.env.PATH ?? '' } }
    await makeCertificates(issuer, places())
    server = createServer(await read()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    url = `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  })

  afterAll(async () => {
    server.close()
    await rm(issuer.folder, { recursive: true })
  })

  const places = () => ({ certificate: join(issuer.folder, 'a.pem'), key: join(issuer.folder, 'a.key') })
  const read = async () => ({ cert: await readFile(places().certificate), key: await readFile(places().key) })

  it('are told with their end, also once they have ended, and follow what is served and not the file', async () => {
    const [first] = await readServedCertificates(url)
    expect(first?.listener).toBe(new URL(url).host)
    expect((first?.notAfter ?? 0) - Date.now() / 1000).toBeGreaterThan(89 * 86_400)
    await issueCertificate(issuer, places(), -3600)
    expect(await readServedCertificates(url)).toEqual([first])
    server.setSecureContext(await read())
    const [ended] = await readServedCertificates(url)
    expect((ended?.notAfter ?? 0) - Date.now() / 1000).toBeCloseTo(-3600, -1.5)
  })

  it('are told for each address of a name that answers, and for no other', async () => {
    const { port } = new URL(url)
    expect(await readServedCertificates(`https://localhost:${port}`)).toEqual([
      { listener: `127.0.0.1:${port}`, notAfter: expect.any(Number) },
    ])
    expect(await readServedCertificates('https://nowhere.invalid')).toEqual([])
    expect(await readServedCertificates('http://127.0.0.1')).toEqual([])
    expect(await readServedCertificates(undefined)).toEqual([])
  })

  it('have a sample for each listener, and none once it does not answer', async () => {
    const registry = new Registry()
    const watch = { served: [{ listener: '192.0.2.1:443', notAfter: 1000 }] }
    createCertificateMetric(registry, watch)
    const name = 'upload_bridge_served_certificate_not_after_timestamp_seconds'
    expect(await registry.metrics()).toContain(`${name}{listener="192.0.2.1:443"} 1000`)
    watch.served = []
    expect(await registry.metrics()).not.toContain(`${name}{`)
  })
})
