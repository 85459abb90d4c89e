import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLab } from '../../src/lab/index.ts'
import type { RunningLab } from '../../src/lab/status.ts'
import { labEnvironment } from '../../src/lab-port/index.ts'
import { requires } from '../environment/requires.ts'
import { buildBundles } from '../lab/bundles.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'

const PAGE = 'docs/security.md'
const LIMIT = 120_000

const runs = provideRuns()

describe.runIf(requires('the guide of security', ['jq', 'curl', 'openssl']))('in a lab', () => {
  let bundles: Awaited<ReturnType<typeof buildBundles>>
  let directory: string
  let lab: RunningLab

  beforeAll(async () => {
    bundles = await buildBundles()
    directory = await mkdtemp(join(tmpdir(), 'guide-security-'))
    const options = { directory: join(directory, 'lab'), bundles: bundles.folder, rules: 'static/monitoring' }
    lab = await startLab({ ...options, prometheus: false, log: () => undefined })
  }, 240_000)

  afterAll(async () => {
    await lab?.down()
    await rm(directory, { recursive: true, force: true })
    await bundles.remove()
  })

  const bridgectl = async (...args: readonly string[]) => {
    const { binPath, configPath } = lab.status()
    const env = { UPLOAD_BRIDGE_CONFIG: configPath }
    return JSON.parse((await execa(join(binPath, 'bridgectl'), [...args, '--json'], { env })).stdout)
  }
  const statusOf = async (key: string) => {
    const address = `${lab.status().url}/uploads/${'a'.repeat(32)}`
    return (await fetch(address, { headers: { authorization: `Bearer ${key}` } })).status
  }
  const send = async (key: string) => {
    const body = new FormData()
    body.set('file', new Blob(['a file']), 'a.txt')
    const headers = { authorization: `Bearer ${key}` }
    expect((await fetch(`${lab.status().url}/uploads`, { method: 'POST', headers, body })).status).toBe(201)
  }
  const runPage = async (
    params: Record<string, string>,
    only?: string,
    variables: Record<string, string> = {},
    from?: string,
  ) => {
    const environment = labEnvironment(lab.status())
    const { events, ending } = await runs.run(readFileSync(PAGE, 'utf8'), {
      page: PAGE,
      params: { keyFolder: directory, ...params },
      environment: { ...environment, variables: { ...environment.variables, ...variables } },
      cwd: process.cwd(),
      ...(only === undefined ? {} : { only }),
      ...(from === undefined ? {} : { from }),
    })
    return { outcome: ending.outcome, told: tell(events).join('\n') }
  }

  test(
    'a key is replaced: the new one works before the old one ends, has its role, and only its owner reads it',
    async () => {
      const { key: old } = await bridgectl('keys', 'create', 'scanner-6', '--role', 'upload')
      expect(await statusOf(old)).toBe(404)
      const keys = { oldKey: 'scanner-6', newKey: 'scanner-7' }
      const first = await runPage(keys)
      expect(first.outcome, first.told).toBe('failed')
      expect(first.told).toMatch(/^used failed.*Nobody has used scanner-7 yet/m)
      const file = join(directory, 'scanner-7.key')
      const key = (await readFile(file, 'utf8')).trim()
      expect([await statusOf(old), await statusOf(key)]).toEqual([404, 404])

      await send(key)
      await send(old)
      const early = await runPage(keys, undefined, {}, 'used')
      expect(early.outcome, early.told).toBe('failed')
      expect(early.told).toMatch(/^used failed.*scanner-6 is still used/m)

      await send(key)
      const { outcome, told } = await runPage(keys, undefined, {}, 'used')
      expect(outcome, told).toBe('passed')
      expect([await statusOf(old), await statusOf(key)]).toEqual([401, 404])
      expect((await stat(file)).mode & 0o777).toBe(0o600)
      expect(`${first.told}${early.told}${told}`).not.toContain(key)
      expect(await bridgectl('keys', 'list')).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 'scanner-6', revokedAt: expect.any(String) }),
          expect.objectContaining({ id: 'scanner-7', role: 'upload', expiresAt: expect.any(String) }),
        ]),
      )
    },
    LIMIT,
  )

  test(
    'nothing is made in the place of a key that there is not, or no more',
    async () => {
      const before = await bridgectl('keys', 'list')
      for (const oldKey of ['nobody', 'scanner-6']) {
        const { outcome, told } = await runPage({ oldKey, newKey: 'scanner-8' })
        expect(outcome, told).toBe('failed')
        expect(told).toMatch(/^old failed/m)
      }
      expect(await bridgectl('keys', 'list')).toEqual(before)
    },
    LIMIT,
  )

  test(
    'a certificate that ends within two weeks is told from one that does not',
    async () => {
      const certificateFor = async (days: number) => {
        const [cert, key] = [join(directory, `${days}.pem`), join(directory, `${days}.key.pem`)]
        const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=x']
        await execa('openssl', ['req', ...kind, '-days', `${days}`, '-keyout', key, '-out', cert])
        return { UPLOAD_BRIDGE_API_TLS_CERT_FILE: cert, UPLOAD_BRIDGE_API_TLS_KEY_FILE: key }
      }
      const params = { oldKey: 'x', newKey: 'y' }
      const soon = await runPage(params, 'certificate', await certificateFor(3))
      expect(soon.outcome, soon.told).toBe('failed')
      const late = await runPage(params, 'certificate', await certificateFor(90))
      expect(late.outcome, late.told).toBe('passed')
    },
    LIMIT,
  )
})
