import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { makeRunbooks, writeRunbook } from '../../scripts/bench/make-runbooks.mjs'
import { createHandbook } from './handbook.ts'

/** Enough for several threads. */
const PAGES = 450

let handbook: Awaited<ReturnType<typeof createHandbook>>

beforeAll(async () => {
  handbook = await createHandbook()
  await makeRunbooks(handbook.cwd, PAGES)
  for (const number of [3, 4, 77, 149]) {
    handbook.write(
      `runbooks/runbook-${number}.md`,
      writeRunbook(number).replace('steps.usage.percent', 'steps.usage.percnt'),
    )
  }
})
afterAll(() => handbook.remove())

const report = z.object({ problems: z.array(z.object({ file: z.string(), line: z.number(), rule: z.string() })) })

async function check(...args: readonly string[]) {
  const { stdout, exitCode } = await handbook.run('check', '--json', ...args)
  const { problems } = report.parse(JSON.parse(stdout))
  return { stdout, exitCode, types: problems.filter(({ rule }) => rule === 'types') }
}

it('finds in many pages, on several threads and from memory, what it finds in each alone', {
  timeout: 300_000,
}, async () => {
  const first = await check()
  expect(first.exitCode).toBe(1)
  expect(first.types).toEqual(
    [149, 3, 4, 77].map(number => expect.objectContaining({ file: `runbooks/runbook-${number}.md`, line: 49 })),
  )
  const remembered = join(handbook.cwd, '.handbook/cache/check.json')
  expect(existsSync(remembered)).toBe(true)
  expect((await check()).stdout).toBe(first.stdout)
  expect((await check('--no-cache')).stdout).toBe(first.stdout)
  const alone = await check('runbooks/runbook-77.md')
  expect(alone.types).toEqual(first.types.filter(({ file }) => file === 'runbooks/runbook-77.md'))

  handbook.write('runbooks/runbook-77.md', writeRunbook(77))
  expect((await check()).types.map(({ file }) => file)).not.toContain('runbooks/runbook-77.md')
})

it('does not need a place to remember in', async () => {
  const other = await createHandbook()
  try {
    await makeRunbooks(other.cwd, 1)
    other.write('.handbook', 'a file where the folder would be')
    expect((await other.run('check')).exitCode).toBe(0)
  } finally {
    await other.remove()
  }
})
