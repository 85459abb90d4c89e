import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, readEvents } from './handbook.ts'

const step = (id: string, code: string, language = 'bash') =>
  `### ${id} <!-- #${id} -->\n\n\`\`\`${language}\n${code}\n\`\`\`\n`

const PAGE = `---
title: Steps
---

## Procedure

${step('first-look', 'echo "inodesFree=7" >> "$STEP_OUTPUT"')}
${step('judge', 'return { full: true, left: 3 }', 'ts')}
${step('act', 'echo "free $STEP_FIRST_LOOK_INODES_FREE, ${STEP_JUDGE_FULL:-unknown}"')}
${step('tell', `console.log('left', steps.judge.left + 1, steps['first-look'].inodesFree.length)`, 'ts')}
${step('end', 'echo the end')}
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('page.md', PAGE)
})
afterAll(() => handbook.remove())

const run = (text: string) => handbook.run(...`run page.md --auto ${text}`.split(' '))

describe('a new run that begins at a later step', () => {
  test('says which values it lacks and how to give them, before anything runs', async () => {
    expect(await run('--from act')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /read what steps before it give: first-look\.inodesFree, judge\.left\n.*--value first-look\.inodesFree=… --value judge\.left=….*runs resume RUN/,
      ),
    })
    expect((await run('--from tell --value first-look.inodesFree=7')).stderr).toContain('give: judge.left\n')
    expect((await run('--from end')).exitCode).toBe(0)
  })

  test('takes them as the steps would have given them', async () => {
    const given = '--value first-look.inodesFree=123 --value judge.left=41'
    const done = await run(`--from act ${given}`)
    expect(done, done.stderr).toMatchObject({ exitCode: 0 })
    expect(done.stdout).toContain('free 123, unknown')
    expect(done.stdout).toContain('left 42 3')
    const { stdout } = await run(`--from act ${given} --json`)
    expect(readEvents(stdout)[0]).toMatchObject({ given: { 'first-look': { inodesFree: '123' }, judge: { left: 41 } } })
  })

  test.each([
    ['--value judge.left=1', '--from STEP'],
    ['--from act --value judge.left', 'has no value'],
    ['--from act --value jugde.left=1', 'Did you mean judge?'],
    ['--from act --value end.x=1', 'No step end stands before'],
  ])('refuses %s', async (words, message) => {
    expect(await run(words)).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
})
