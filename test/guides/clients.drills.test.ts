import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const SILENT = 'runbooks/no-uploads.md'
const ABUSE = 'runbooks/client-over-quota.md'
const LIMIT = 180_000
const PARAMS = { newKeyFolder: '/tmp' }

/** How each step ended that looked and ruled nothing out. */
const findOpen = ({ events }: DoneRun) =>
  events.flatMap(event =>
    event.type === 'step.finished' && ['failed', 'blocked', 'skipped'].includes(event.status) ? [event.step] : [],
  )

describe.runIf(requires('the pages about clients', ['jq', 'curl']))('a page about clients', () => {
  const { lab, run, rollBack, bridgectl, directory } = provideLab()
  afterEach(() => lab().heal())

  const announce = (headers: Record<string, string>, length = 1) =>
    fetch(`${lab().status().url}/files/`, {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': `${length}`, ...headers },
    })
  /** Announces and deletes until the client is over its quota, and then 25 times more. */
  const exceedQuota = async (headers: Record<string, string>) => {
    for (let refused = 0; refused < 25; ) {
      const answer = await announce(headers, 150 * 1024 * 1024)
      const location = answer.headers.get('location') ?? ''
      if (answer.status === 429) refused += 1
      else await fetch(location, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0', ...headers } })
    }
  }
  const makeKey = async (id: string) => {
    const file = join(directory(), `${id}.key`)
    await bridgectl('keys', 'create', id, '--role', 'upload', '--output', file)
    return { authorization: `Bearer ${(await readFile(file, 'utf8')).trim()}` }
  }
  const limits = async () => parse(await readFile(lab().status().configPath, 'utf8')).limits

  test('says that nobody sends, when nothing arrives and we can be reached', { timeout: LIMIT }, async () => {
    const done = await run(SILENT)
    expect(findOpen(done), tellRun(done)).toEqual(['silent'])
    expect(done.ending.outcome).toBe('inconclusive')
  })

  test('says that the public address does not lead to us', { timeout: LIMIT }, async () => {
    const done = await run(SILENT, {}, undefined, ({ target }) => ({
      target: { ...target, url: 'http://127.0.0.1:1' },
    }))
    expect(findOpen(done), tellRun(done)).toEqual(['outside', 'silent'])
  })

  test('says that keys are refused', { timeout: LIMIT }, async () => {
    expect((await sendFile(lab().status().url)).status).toBe(201)
    for (let count = 0; count < 8; count++) await announce({ authorization: 'Bearer ub_revoked_0000' })
    const done = await run(SILENT)
    expect(findOpen(done), tellRun(done)).toEqual(['keys'])
  })

  test('suggests no limits that were the same before', { timeout: LIMIT }, async () => {
    const { configPath } = lab().status()
    await lab().break('limit-too-low')
    for (let count = 0; count < 8; count++) await announce({})
    const before = await readFile(`${configPath}.before`, 'utf8')
    await copyFile(configPath, `${configPath}.before`)
    const done = await run(SILENT)
    expect(findOpen(done), tellRun(done)).toEqual(['limits'])
    await writeFile(`${configPath}.before`, before)
  })

  test('uses the newer limits again', { timeout: LIMIT }, async () => {
    await lab().break('limit-too-low')
    for (const [step, expected] of [
      ['limits-before', undefined],
      ['limits-again', 1],
    ] as const) {
      const done = await run(SILENT, {}, step)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect((await limits()).uploadsPerWindow).toBe(expected)
    }
  })

  test('revokes the new key again', { timeout: LIMIT }, async () => {
    await lab().break('key-abused')
    await expect.poll(async () => (await run(ABUSE, PARAMS, 'who')).ending.outcome, { timeout: 60_000 }).toBe('passed')
    const done = await run(ABUSE, PARAMS)
    expect(done.ending.outcome, tellRun(done)).toBe('healed')
    const back = await rollBack(ABUSE, done, 'revoke-new', PARAMS)
    expect(back.ending.outcome, tellRun(back)).toBe('passed')
    const keys = JSON.stringify(await bridgectl('keys', 'list'))
    expect(keys.match(/"id":"customer-[^}]*"state":"revoked"/g)).toHaveLength(2)
  })

  test('leaves a key alone that is over its quota from where it always sends', { timeout: LIMIT }, async () => {
    const key = await makeKey('batch-7')
    const body = new FormData()
    body.set('file', new Blob(['hello']), 'batch.txt')
    const { status } = await fetch(`${lab().status().url}/uploads`, { method: 'POST', body, headers: key })
    expect(status).toBe(201)
    await exceedQuota(key)
    const done = await run(ABUSE, PARAMS)
    expect(done.ending.outcome, tellRun(done)).toBe('ruled-out')
    expect(tellRun(done)).toContain('its own program is out of control')
  })

  test('has nothing to revoke when the client has no key', { timeout: LIMIT }, async () => {
    await exceedQuota({})
    const done = await run(ABUSE, PARAMS)
    expect(findOpen(done), tellRun(done)).toEqual(['one'])
  })
})
