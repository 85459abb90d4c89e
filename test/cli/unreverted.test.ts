import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK.replace('production: {', 'production: { auto: danger,'))
  handbook.write('runbooks/full.md', PAGE)
  handbook.write('docs/other.md', `---\ntitle: Another page\n---\n\n## Procedure\n\n${step('one', 'true')}`)
})
afterEach(() => handbook.remove())

const step = (id: string, code: string, meta = '') =>
  `### The step ${id} <!-- #${id} -->\n\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`

const PAGE = `---
title: It is full
alerts: [ThingFull]
---

## Diagnose

${step('look', 'hb suggest shed full; hb suggest mend full')}
## Mitigate

${step('shed', 'true', 'temporary')}
${step('mend', 'test -e mended')}
## Verify

${step('works', 'true')}
## Roll back

${step('admit', 'true', 'undoes=shed')}
${step('worsen', 'true', 'undoes=mend when="it was not the cause"')}
`

const words = (text: string) => text.split(' ')
const run = (text: string) => handbook.run(...words(text))
const unreverted = async (more = '') => JSON.parse((await run(`runs unreverted --json${more}`)).stdout).unreverted
const lastRun = async () => JSON.parse((await run('runs list --json')).stdout).runs[0].id

/** A change that stays, since the one after it fails. */
async function leave(environment = 'staging') {
  expect((await run(`run full --env ${environment} --auto`)).exitCode).toBe(1)
  return lastRun()
}

describe('a change that nobody reverted', () => {
  test('is told to the next run of the environment, whatever its page, at its start and at its end', async () => {
    const left = await leave()
    const next = await run('run other --env staging --auto')
    expect(next.exitCode).toBe(0)
    const [start = '', end = ''] = next.stdout.split('PASSED')
    for (const text of [start, end]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain('“The step shed” is unreverted, from “It is full”')
      expect(text).toContain(`handbook runs roll-back ${left}`)
    }
    expect(end).toContain('Unreverted changes of earlier runs here:')
    const elsewhere = await run('run other --env production --auto')
    expect(elsewhere.stdout).not.toContain('unreverted')
    const events = readEvents((await run('run other --env staging --auto --json')).stdout)
    expect(events.at(-1)).toMatchObject({ earlier: [{ run: left, step: 'shed', undoneBy: 'admit' }] })
  }, 120_000)

  test('is in the list of runs and by itself, for people and programs, by environment', async () => {
    const left = await leave()
    const other = await leave('production')
    expect((await run('runs list')).stdout).toMatch(new RegExp(`${left}.*1 unreverted change`))
    const { runs } = JSON.parse((await run('runs list --json')).stdout)
    expect(runs.map(({ unreverted }: { unreverted?: number }) => unreverted)).toEqual([1, 1])
    expect(await unreverted()).toMatchObject([
      { run: other, environment: 'production', step: 'shed', title: 'The step shed', undoneBy: 'admit' },
      { run: left, environment: 'staging', procedure: 'full', page: 'It is full' },
    ])
    expect(await unreverted(' --env staging')).toMatchObject([{ run: left }])
    const { stdout } = await run('runs unreverted --env staging')
    expect(stdout).toContain('It is full in staging')
    expect(stdout).toContain('The step shed #shed, reverted by #admit')
    expect(stdout).toContain(`handbook runs roll-back ${left}`)
    expect(await run('runs unreverted --env stagin')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean staging?'),
    })
  }, 120_000)

  test.each([
    ['it is rolled back', (left: string) => `runs roll-back ${left} --auto`],
    ['the step that undoes it is run by itself', () => 'run full --env staging --auto --step admit'],
  ])(
    'is none any more once %s',
    async (_, command) => {
      const left = await leave()
      expect((await run(command(left))).exitCode).toBe(0)
      for (let time = 0; time < 2; time++) expect(await unreverted()).toEqual([])
      expect((await run('runs unreverted')).stdout).toBe('Nothing is unreverted\n')
      expect((await run('run other --env staging --auto')).stdout).not.toContain('unreverted')
      const count = JSON.parse((await run('runs list --json')).stdout).runs.length
      const again = await run(`runs roll-back ${left} --auto`)
      expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing is left to roll back') })
      expect(again.stdout).not.toContain('PASSED')
      expect(JSON.parse((await run('runs list --json')).stdout).runs).toHaveLength(count)
    },
    120_000,
  )
})

test('a cure is none, and temporary changes that a healthy run reverts are not headed as after a failure', async () => {
  appendFileSync(join(handbook.cwd, 'mended'), '')
  const healed = await run('run full --env staging --auto')
  expect(healed.exitCode).toBe(0)
  expect(healed.stdout).toContain('\nRevert temporary changes\n')
  expect(healed.stdout).not.toContain('\nRoll back\n')
  expect(healed.stdout).toContain('Undo it only when it was not the cause')
  expect(healed.stdout).toMatch(/\nWrite it up: handbook runs export \S+\n/)
  expect(await unreverted()).toEqual([])
  const exported = (await run(`runs export ${await lastRun()}`)).stdout
  expect(exported).toContain('Revert temporary changes: The step admit')
  expect(exported).not.toContain('Roll back: ')
}, 120_000)

test('a change whose page has no way back is named as such, and rolling it back is refused', async () => {
  handbook.write('runbooks/full.md', PAGE.replace('undoes=shed', ''))
  const left = await leave()
  expect((await run('run other --env staging --auto')).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'No step of that page reverts it',
  )
  expect(await run(`runs roll-back ${left} --auto`)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('#shed'),
  })
}, 120_000)
