import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const PAGE = 'runbooks/client-over-quota.md'
const LIMIT = 180_000
const PARAMS = { newKeyFolder: '/tmp' }
/** So many refusals fill the newest lines of the log. */
const MANY = 500

/** The steps that looked and ruled nothing out. */
const findOpen = ({ events }: DoneRun) =>
  events.flatMap(event =>
    event.type === 'step.finished' && ['failed', 'blocked', 'skipped'].includes(event.status) ? [event.step] : [],
  )

describe.runIf(requires('the page about a client over its quota', ['jq', 'curl']))('the page about a client', () => {
  const { lab, run, rollBack, bridgectl, directory } = provideLab()
  afterEach(() => lab().heal())

  /** Announces and deletes until the client is over its quota, and goes on for a while. */
  const exceedQuota = async (headers: Record<string, string>) => {
    const { url } = lab().status()
    for (let refused = 0; refused < MANY; ) {
      const answer = await fetch(`${url}/files/`, {
        method: 'POST',
        headers: { 'tus-resumable': '1.0.0', 'upload-length': `${150 * 1024 * 1024}`, ...headers },
      })
      const location = answer.headers.get('location') ?? ''
      if (answer.status === 429) refused += 1
      else await fetch(new URL(location, url), { method: 'DELETE', headers: { 'tus-resumable': '1.0.0', ...headers } })
    }
  }
  const makeKey = async (id: string) => {
    const file = join(directory(), `${id}.key`)
    await bridgectl('keys', 'create', id, '--role', 'upload', '--output', file)
    return { authorization: `Bearer ${(await readFile(file, 'utf8')).trim()}` }
  }

  test('revokes the new key again', { timeout: LIMIT }, async () => {
    await lab().break('key-abused')
    // The fault goes on; the page wants to see 20 refusals.
    const countRefused = async () =>
      (await readFile(join(lab().status().logsPath, 'api.log'), 'utf8')).split('quota-exceeded').length - 1
    await expect.poll(countRefused, { timeout: 60_000 }).toBeGreaterThan(30)
    const done = await run(PAGE, PARAMS)
    expect(done.ending.outcome, tellRun(done)).toBe('healed')
    const back = await rollBack(PAGE, done, 'revoke-new', PARAMS)
    expect(back.ending.outcome, tellRun(back)).toBe('passed')
    const keys = JSON.stringify(await bridgectl('keys', 'list'))
    expect(keys.match(/"id":"customer-[^}]*"state":"revoked"/g)).toHaveLength(2)
  })

  test('blocks a key for a while that is over its quota only from where it always sends, and replaces none', {
    timeout: LIMIT,
  }, async () => {
    const key = await makeKey('batch-7')
    const body = new FormData()
    body.set('file', new Blob(['hello']), 'batch.txt')
    const { status } = await fetch(`${lab().status().url}/uploads`, { method: 'POST', body, headers: key })
    expect(status).toBe(201)
    await exceedQuota(key)
    const done = await run(PAGE, PARAMS)
    expect(done.ending.outcome, tellRun(done)).toBe('healed')
    expect(tellRun(done)).toContain('its own program is out of control')
    expect(tellRun(done)).toContain('keys skipped: no key was replaced in this run')
  })

  test('has nothing to revoke when the client has no key', { timeout: LIMIT }, async () => {
    await exceedQuota({})
    const done = await run(PAGE, PARAMS)
    expect(findOpen(done), tellRun(done)).toEqual(['one'])
  })
})
