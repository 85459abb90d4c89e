import { createServer } from 'node:http'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterEach, describe, expect, test } from 'vitest'
import { leaveOut, requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const RELEASE = 'runbooks/bad-deployment.md'
const ADMISSION = 'runbooks/admission-closed.md'
const API = 'runbooks/api-down.md'
const STORAGE = 'runbooks/storage-filling.md'
const LIMIT = 120_000

const READY = { status: 'pass', checks: { database: [{ status: 'pass' }], storage: [{ status: 'pass' }] } }

/** How each step ended that looked and ruled nothing out. */
const findOpen = ({ events }: DoneRun) =>
  Object.fromEntries(
    events.flatMap(event =>
      event.type === 'step.finished' && ['failed', 'blocked', 'skipped'].includes(event.status)
        ? [[event.step, event.status]]
        : [],
    ),
  )
const count = (method: string, code: number, requests: number) =>
  `upload_bridge_http_requests_total{method="${method}",route="/uploads",code="${code}",version="1.1.0"} ${requests}\n`

describe.runIf(requires('diagnoses that see nothing', ['jq', 'curl']))('a diagnosis that does not see enough', () => {
  const { lab, run, bridgectl } = provideLab()
  const restores: (() => unknown)[] = []
  afterEach(async () => {
    for (const restore of restores.splice(0).reverse()) await restore()
  })

  /** Runs a page against a service that says this of itself. */
  const runAgainst = async (path: string, says: { metrics?: string; ready?: object; status?: number }) => {
    const server = createServer((request, response) => {
      if (request.url === '/metrics') response.end(`upload_bridge_build_info{version="1.1.0"} 1\n${says.metrics ?? ''}`)
      else if (request.url === '/readyz') response.end(JSON.stringify(says.ready ?? READY))
      else response.writeHead(says.status ?? 404).end()
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    restores.push(() => server.close())
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    return run(path, {}, undefined, ({ target }) => ({ target: { ...target, url, metricsUrl: `${url}/metrics` } }))
  }

  test('a release under which nobody has sent an upload is not ruled out; one under which many succeeded is', {
    timeout: LIMIT,
  }, async () => {
    const before = await run(RELEASE)
    expect(before.ending.outcome, tellRun(before)).toBe('inconclusive')
    expect(findOpen(before)).toEqual({ regression: 'failed' })
    for (let upload = 0; upload < 20; upload++) expect((await sendFile(lab().status().url)).status).toBe(201)
    const after = await run(RELEASE)
    expect(after.ending.outcome, tellRun(after)).toBe('ruled-out')
  })

  test.for([
    ['answers every upload with 503', { metrics: count('POST', 503, 40) }, { regression: 'failed' }],
    ['answers every upload with 401', { metrics: count('POST', 401, 40) }, { regression: 'failed' }],
    [
      'took few uploads and was read much',
      { metrics: count('POST', 201, 3) + count('GET', 200, 900) },
      { regression: 'failed' },
    ],
    ['counts no requests, and is out of reach', { status: 502 }, { regression: 'failed' }],
    [
      'says nothing of the database',
      { metrics: count('POST', 201, 40), ready: { checks: {} } },
      { dependencies: 'failed' },
    ],
    [
      'says nothing of the storage',
      { metrics: count('POST', 201, 40), ready: { status: 'pass', checks: { database: [{ status: 'pass' }] } } },
      { dependencies: 'failed' },
    ],
  ] as const)('a release that %s is not ruled out', { timeout: LIMIT }, async ([_what, says, open]) => {
    const done = await runAgainst(RELEASE, says)
    expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
    expect(findOpen(done)).toEqual(open)
  })

  test.for([
    ['closed', { checks: { admission: [{ status: 'warn', output: 'closed: storage' }] } }],
    ['nothing', { checks: {} }],
  ] as const)('admission of which the API says %s is not ruled out', { timeout: LIMIT }, async ([_what, ready]) => {
    const done = await runAgainst(ADMISSION, { ready })
    expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
    expect(findOpen(done)).toEqual({ seen: 'failed' })
  })

  test('admission that is open is ruled out', { timeout: LIMIT }, async () => {
    const done = await run(ADMISSION)
    expect(done.ending.outcome, tellRun(done)).toBe('ruled-out')
  })

  test('starts that neither Prometheus nor a log tells of are not ruled out', { timeout: LIMIT }, async () => {
    const done = await run(API, {}, undefined, ({ services }) => ({
      services: { ...services, api: { ...services.api, logs: 'true' } },
    }))
    expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
    expect(findOpen(done)).toMatchObject({ restarts: 'failed' })
  })

  test.for([
    ['knows no Alertmanager', { activeAlertmanagers: [] }, 'knows no Alertmanager'],
    [
      'knows another Alertmanager',
      { activeAlertmanagers: [{ url: 'http://127.0.0.1:1/api/v2/alerts' }] },
      'knows no Alert',
    ],
    ['has no rules', undefined, 'has no rules'],
  ] as const)('no alert is no good news when Prometheus %s', { timeout: LIMIT }, async ([_what, known, says]) => {
    const server = createServer((request, response) => {
      const self = `http://${request.headers.host}/api/v2/alerts`
      if (request.url?.startsWith('/api/v2/alerts')) response.end('[]')
      else if (request.url === '/api/v1/alertmanagers')
        response.end(JSON.stringify({ data: known ?? { activeAlertmanagers: [{ url: self }] } }))
      else response.end(JSON.stringify({ status: 'success', data: { groups: [], resultType: 'vector', result: [] } }))
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    restores.push(() => server.close())
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const done = await run('docs/operations/daily.md', {}, 'alerts', ({ target }) => ({
      target: { ...target, alertmanagerUrl: url, prometheusUrl: url },
    }))
    expect(done.ending.outcome, tellRun(done)).toBe('failed')
    expect(tellRun(done)).toContain(says)
  })

  test('an upload that nobody could look for was perhaps begun', { timeout: LIMIT }, async () => {
    const find = (variables: Record<string, string> = {}) =>
      run('docs/operations/find-upload.md', { upload: '0'.repeat(32) }, 'state', environment => ({
        variables: { ...environment.variables, ...variables },
      }))
    expect(tellRun(await find())).toContain('it was never begun here')
    const unknown = await find({ UPLOAD_BRIDGE_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    expect(unknown.ending.outcome).toBe('failed')
    expect(tellRun(unknown)).toContain('is not known')
    expect(tellRun(unknown)).not.toContain('never begun')
  })

  test('a volume that files of somebody else fill is not ruled out, and nothing is restarted', {
    timeout: LIMIT,
  }, async () => {
    if (lab().status().storage.kind !== 'volume')
      return leaveOut('a volume that is full', 'a file system that may be mounted')
    for (const file of [join(lab().status().storagePath, 'core'), join(lab().status().storagePath, '..', 'core')]) {
      await execa('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'count=230'])
      restores.push(() => execa('rm', ['-f', file]))
      const done = await run(STORAGE)
      expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ other: 'failed' })
      await restores.pop()?.()
    }
    expect(await bridgectl('status')).toMatchObject({ database: { up: true } })
  })

  test('running uploads that fill the volume are left alone, and the page says that there is no time', {
    timeout: 3 * LIMIT,
  }, async () => {
    if (lab().status().storage.kind === 'folder')
      return leaveOut('a volume that fills', 'a file system that may be mounted')
    await lab().break('storage-filling')
    restores.push(() => lab().heal())
    // The uploads of the fault are two days old.
    const done = await run(STORAGE, { staleAfter: '72h' })
    expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
    expect(findOpen(done)).toEqual({ partials: 'failed' })
    expect(readText(done)).toMatch(/\d MiB are left: there is no time to enlarge it first, which takes 240 min/)
  })
})
