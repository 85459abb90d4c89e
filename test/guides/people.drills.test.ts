import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import { tell } from '../runner/run-page.ts'
import { provideLab, readText, readValue, tellRun } from './provide-lab.ts'

const HAND_OVER = 'docs/operations/hand-over.md'
const CUSTOMER_CALL = 'docs/operations/customer-call.md'
const CAPACITY = 'docs/operations/capacity.md'
const CUSTOMER_DATA = 'docs/operations/customer-data.md'
const JOINER = 'docs/operations/joiner.md'
const ACCESS_REVIEW = 'docs/operations/access-review.md'
const LIMIT = 360_000

describe.runIf(requires('the guides for people', ['prometheus', 'prometheus-alertmanager', 'jq']))('in a lab', () => {
  const { lab, directory, run } = provideLab({ monitoring: true })
  const bridgectl = async (...args: string[]) => {
    const { binPath, configPath } = lab().status()
    const { stdout } = await execa(join(binPath, 'bridgectl'), args, { env: { UPLOAD_BRIDGE_CONFIG: configPath } })
    return stdout
  }
  const endsOf = ({ events }: Awaited<ReturnType<typeof run>>) =>
    tell(events)
      .filter(line => /^[\w-]+ (?:passed|failed|skipped)/.test(line))
      .map(line => line.split(' ').slice(0, 2).join(' '))

  test('a hand-over lists what is held and silenced, and what was changed', { timeout: LIMIT }, async () => {
    await bridgectl('deliveries', 'pause', '--reason', 'test')
    try {
      const { id = '' } = await sendFile(lab().status().url)
      await bridgectl('deliveries', 'hold', id, '--reason', 'a customer asked')
      const silence = {
        matchers: [{ name: 'alertname', value: 'Any', isRegex: false }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 600_000).toISOString(),
        createdBy: 'ann',
        comment: 'the rack moves',
      }
      await fetch(`${lab().status().alertmanagerUrl}/api/v2/silences`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(silence),
      })
      const done = await run(HAND_OVER)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect(readText(done)).toMatch(/silenced until \S+ by ann: the rack moves/)
      expect(readText(done)).toContain(id)
      expect(readText(done)).toContain('Nothing is acknowledged.')
      expect(readText(done)).toMatch(/No incident is open\.|commands, next word due/)
      await bridgectl('deliveries', 'release', id)
    } finally {
      await bridgectl('deliveries', 'resume')
    }
  })

  test('a caller without an id is answered by name and time, and hears no reason of a hold', {
    timeout: LIMIT,
  }, async () => {
    await bridgectl('deliveries', 'pause', '--reason', 'test')
    try {
      const { id = '' } = await sendFile(lab().status().url)
      await bridgectl('deliveries', 'hold', id, '--reason', 'an investigation')
      const done = await run(CUSTOMER_CALL, { name: 'TRAFFIC' })
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect(readText(done)).toContain(`${id} held`)
      expect(readText(done)).toContain('A colleague looks at it')
      expect(readText(done)).not.toContain('an investigation')
      const other = await run(CUSTOMER_CALL, { name: 'traffic', to: '2026-01-01T00:00Z', from: '2025-12-31T00:00Z' })
      expect(readText(other)).toMatch(/0 fit between/)
      await bridgectl('deliveries', 'release', id)
    } finally {
      await bridgectl('deliveries', 'resume')
    }
  })

  test('an access review fails until somebody named every key and every role of the database', {
    timeout: LIMIT,
  }, async () => {
    await bridgectl('keys', 'create', 'forgotten', '--role', 'upload', '--output', join(directory(), 'forgotten.key'))
    const keys: { id: string; revokedAt?: string }[] = JSON.parse(await bridgectl('keys', 'list', '--json'))
    const known = keys.filter(({ id, revokedAt }) => id !== 'forgotten' && !revokedAt).map(({ id }) => id)
    const first = await run(ACCESS_REVIEW, { keys: known.join(',') || 'none' })
    expect(first.ending.outcome).toBe('failed')
    expect(tellRun(first)).toContain('Nobody said that these are still needed: forgotten')
    const roles = /Nobody said that these are still needed: (?!forgotten)([\w, ]+)/.exec(tellRun(first))?.[1]
    const second = await run(ACCESS_REVIEW, {
      keys: [...known, 'forgotten'].join(','),
      roles: (roles ?? '').replaceAll(', ', ','),
    })
    expect(endsOf(second), tellRun(second)).toEqual([
      'keys passed',
      'accounts passed',
      'approvers passed',
      'roles passed',
    ])
    await bridgectl('keys', 'revoke', 'forgotten')
    const third = await run(ACCESS_REVIEW, { keys: [...known, 'forgotten'].join(',') })
    expect(tellRun(third)).toContain('No key that works is called forgotten')
  })

  test('the growth of a volume is unknown where Prometheus has too little of it', { timeout: LIMIT }, async () => {
    const done = await run(CAPACITY, {}, 'volume')
    expect(done.events.find(event => event.type === 'step.finished')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('nothing is known of the growth') },
    })
  })

  test('an upload that is still here is not said to be gone', { timeout: LIMIT }, async () => {
    await bridgectl('deliveries', 'pause', '--reason', 'test')
    try {
      const { id: upload = '' } = await sendFile(lab().status().url)
      const done = await run(CUSTOMER_DATA, { upload })
      expect(endsOf(done)).toEqual(['state passed', 'meaning passed', 'gone failed'])
      expect(readText(done)).toContain(`bridgectl deliveries hold ${upload}`)
    } finally {
      await bridgectl('deliveries', 'resume')
    }
  })

  test('an upload is gone when it was known, and an id that never was is not', { timeout: LIMIT }, async () => {
    const never = await run(CUSTOMER_DATA, { upload: '0'.repeat(32) }, 'gone')
    expect(never.events.find(event => event.type === 'step.finished')).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining(`Nobody knows an upload ${'0'.repeat(32)}`) },
    })
    const { url, storagePath } = lab().status()
    const removeFiles = (upload: string) => {
      const folder = join(storagePath, 'uploads')
      for (const name of readdirSync(folder)) if (name.startsWith(upload)) rmSync(join(folder, name))
    }
    const { id: delivered = '' } = await sendFile(url)
    const stateOf = async () => JSON.parse(await bridgectl('uploads', 'show', delivered, '--json')).state
    await expect.poll(stateOf, { timeout: 30_000 }).toBe('delivered')
    removeFiles(delivered)
    const gone = await run(CUSTOMER_DATA, { upload: delivered }, 'gone')
    expect(gone.ending.outcome, tellRun(gone)).toBe('passed')
    expect(readValue(gone, 'gone')).toEqual({ known: 'database' })
    // Begun and deleted by its sender: only the audit trail knows that there was one.
    const tus = { 'tus-resumable': '1.0.0' }
    const begun = await fetch(`${url}/files/`, { method: 'POST', headers: { ...tus, 'upload-length': '10' } })
    expect(begun.status).toBe(201)
    const address = new URL(begun.headers.get('location') ?? '', url)
    expect((await fetch(address, { method: 'DELETE', headers: tus })).status).toBe(204)
    const removed = await run(CUSTOMER_DATA, { upload: address.pathname.split('/').at(-1) ?? '' }, 'gone')
    expect(removed.ending.outcome, tellRun(removed)).toBe('passed')
    expect(readValue(removed, 'gone')).toEqual({ known: 'audit trail' })
  })

  test('a new colleague gets a test page, and has not practised yet', { timeout: LIMIT }, async () => {
    const done = await run(JOINER, { person: 'ann', practices: '20' })
    expect(endsOf(done)).toEqual([
      'checkout passed',
      'doctor passed',
      'read-key passed',
      'approver skipped:',
      'test-page passed',
      'read passed',
      'dry-run skipped:',
      'practised failed',
    ])
    const answer = await fetch(`${lab().status().alertmanagerUrl}/api/v2/alerts`)
    expect(await answer.json()).toContainEqual(
      expect.objectContaining({
        labels: expect.objectContaining({ alertname: 'UploadBridgeTestPage', person: 'ann' }),
      }),
    )
  })
})
