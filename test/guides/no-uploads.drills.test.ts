import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const PAGE = 'runbooks/no-uploads.md'
const LIMIT = 180_000

/** How each step ended that looked and ruled nothing out. */
const findOpen = ({ events }: DoneRun) =>
  events.flatMap(event =>
    event.type === 'step.finished' && ['failed', 'blocked', 'skipped'].includes(event.status) ? [event.step] : [],
  )

describe.runIf(requires('the page about uploads that stop', ['jq', 'curl']))('the page about uploads that stop', () => {
  const { lab, run } = provideLab()
  afterEach(() => lab().heal())

  const announce = (headers: Record<string, string>) =>
    fetch(`${lab().status().url}/files/`, {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '1', ...headers },
    })
  const limits = async () => parse(await readFile(lab().status().configPath, 'utf8')).limits

  test('says that nobody sends, when nothing arrives and we can be reached', { timeout: LIMIT }, async () => {
    const done = await run(PAGE)
    expect(findOpen(done), tellRun(done)).toEqual(['silent'])
    expect(done.ending.outcome).toBe('inconclusive')
  })

  test('says that the public address does not lead to us', { timeout: LIMIT }, async () => {
    const done = await run(PAGE, {}, undefined, ({ target }) => ({
      target: { ...target, url: 'http://127.0.0.1:1' },
    }))
    expect(findOpen(done), tellRun(done)).toEqual(['outside', 'silent'])
  })

  test('says that keys are refused', { timeout: LIMIT }, async () => {
    expect((await sendFile(lab().status().url)).status).toBe(201)
    for (let count = 0; count < 8; count++) await announce({ authorization: 'Bearer ub_revoked_0000' })
    const done = await run(PAGE)
    expect(findOpen(done), tellRun(done)).toEqual(['keys'])
  })

  test('suggests no limits that were the same before', { timeout: LIMIT }, async () => {
    const { configPath, url } = lab().status()
    expect((await sendFile(url)).status).toBe(201)
    await lab().break('limit-too-low')
    for (let count = 0; count < 8; count++) await announce({})
    const before = await readFile(`${configPath}.before`, 'utf8')
    await copyFile(configPath, `${configPath}.before`)
    try {
      const done = await run(PAGE)
      expect(findOpen(done), tellRun(done)).toEqual(['limits'])
    } finally {
      await writeFile(`${configPath}.before`, before)
    }
  })

  test('uses the newer limits again', { timeout: LIMIT }, async () => {
    await lab().break('limit-too-low')
    for (const [step, expected] of [
      ['limits-before', undefined],
      ['limits-again', 1],
    ] as const) {
      const done = await run(PAGE, {}, step)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect((await limits()).uploadsPerWindow).toBe(expected)
    }
  })
})
