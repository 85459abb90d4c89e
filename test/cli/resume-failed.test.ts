import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook } from './handbook.ts'
import { KEYS, startTerminal } from './terminal.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let run: string
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', FILE)
  handbook.write('docs/steps.md', PAGE)
  expect(await handbook.run(...words('run steps --env staging --auto --param pin=pin-4711'))).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(/resume it at the step that failed:\s+handbook runs resume \S+/),
  })
  run = JSON.parse((await handbook.run('runs', 'list', '--json')).stdout).runs[0].id
})
afterEach(() => handbook.remove())

const FILE = `url: https://x.example
target: { url: { type: string, description: where } }
environments:
  staging:
    auto: danger
    target: { url: "http://staging" }
    variables: { PGHOST: one }
    services: { api: { restart: "true" } }
`

const PAGE = `---
title: Steps
params:
  pin: { type: string, secret: true }
---

## Procedure

### One <!-- #one -->

\`\`\`bash
echo "v=three" >> "$STEP_OUTPUT"; echo one >> witness
\`\`\`

### Two <!-- #two -->

\`\`\`bash
echo "two $STEP_ONE_V \${#PIN}" >> witness; [ -e go ] || exit 9
\`\`\`

### Three <!-- #three -->

\`\`\`ts
await fs.appendFile('witness', \`three \${steps.one.v}\\n\`)
\`\`\`
`

const words = (text: string) => text.split(' ')
const witness = () => readFileSync(join(handbook.cwd, 'witness'), 'utf8').trimEnd().split('\n')
const resume = (more = '') => handbook.run(...words(`runs resume ${run} --auto --param pin=pin-4711${more}`))

describe('a run whose page was moved', () => {
  const move = (to: string) => renameSync(join(handbook.cwd, 'docs/steps.md'), handbook.write(to, ''))

  test('resumes with the page that has its id now, and says so', async () => {
    move('docs/deeper/steps.md')
    handbook.write('go', '')
    const resumed = await resume()
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(resumed.stdout).toContain('! the page is docs/deeper/steps.md now; when the run began it was docs/steps.md')
    expect(witness()).toEqual(['one', 'two three 8', 'two three 8', 'three three'])
  })

  test('says how to find it where no page has its id, or two have', async () => {
    move('docs/other.md')
    const none = await resume()
    expect(none.exitCode).toBe(2)
    expect(none.stderr).toContain('give the page that it became the id steps')
    handbook.write('docs/a/steps.md', PAGE)
    handbook.write('docs/b/steps.md', PAGE)
    expect((await resume()).exitCode).toBe(2)
  })
})

describe('a run that failed', () => {
  test('resumes at the step that failed once its cause is mended, with the values of before', async () => {
    expect((await resume()).exitCode).toBe(1)
    handbook.write('go', '')
    const resumed = await resume()
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(resumed.stdout).toContain('PASSED')
    expect(witness()).toEqual(['one', 'two three 8', 'two three 8', 'two three 8', 'three three'])
    expect(await resume()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('is over: passed') })
  }, 120_000)

  test('resumes after an edit of prose, and after a mend of the block that failed, which is said', async () => {
    handbook.write(
      'docs/steps.md',
      PAGE.replace('### Two', 'Some words about it.\n\n### Two').replace(' || exit 9', ' || true'),
    )
    const resumed = await resume()
    expect(resumed).toMatchObject({ exitCode: 0, stderr: '' })
    expect(resumed.stdout).toContain('the block of #two has changed: the new one runs')
    expect(witness()).toEqual(['one', 'two three 8', 'two three 8', 'three three'])
  }, 120_000)

  test.each([
    ['a block that ran', (page: string) => page.replace('v=three', 'v=four'), 'the block of #one is another'],
    [
      'a time limit',
      (page: string) => page.replace(/bash\n(?=echo "two)/, 'bash timeout=9m\n'),
      'timeout of #two was 5 min, and is 9 min',
    ],
    ['a risk', (page: string) => page.replace('```ts', '```ts risk=read'), 'risk of #three was change, and is read'],
    [
      'a step that is gone',
      (page: string) => page.replace('<!-- #three -->', '<!-- #drei -->'),
      'step #three is gone; step #drei is new',
    ],
  ])(
    'wants a decision about %s',
    async (_, edit, message) => {
      handbook.write('docs/steps.md', edit(PAGE))
      handbook.write('go', '')
      const refused = await resume()
      expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(message) })
      expect(refused.stderr).toContain('--accept-page')
      expect(witness()).toHaveLength(2)
      expect((await resume(' --accept-page')).exitCode).toBe(0)
      const { stdout } = await handbook.run('runs', 'show', run, '--json')
      expect(stdout).toContain('"accepted":')
    },
    120_000,
  )

  test.each([
    ['a fact', 'http://staging', 'http://production', 'target.url was http://staging, and is http://production'],
    ['a variable', 'PGHOST: one', 'PGHOST: two', 'variables.PGHOST is another'],
    ['a variable more', 'PGHOST: one', 'PGHOST: one, PGPORT: "1"', 'variables.PGPORT is new'],
    ['what a service means', 'restart: "true"', 'restart: "false"', 'services.api.restart is another'],
  ])(
    'wants a yes for another target, which --auto is not: %s',
    async (_, before, after, message) => {
      handbook.write('handbook.yaml', FILE.replace(before, after))
      handbook.write('go', '')
      const refused = await resume()
      expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) })
      expect(refused.stderr).toContain('--accept-target')
      expect(witness()).toHaveLength(2)
      expect((await resume(' --accept-target')).exitCode).toBe(0)
    },
    120_000,
  )

  test.runIf(requires('runs in a terminal', ['script']))(
    'asks in a terminal about another target',
    async () => {
      handbook.write('handbook.yaml', FILE.replace('http://staging', 'http://production'))
      handbook.write('go', '')
      const program = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
      const terminal = startTerminal(`${program} runs resume ${run} --param pin=pin-4711`, handbook)
      await terminal.answer('The target is not what it was', KEYS.enter)
      expect(await terminal.over).toBe(130)
      expect(witness()).toHaveLength(2)
    },
    120_000,
  )
})

test('one that was rolled back is not resumed: what it did is not done any more', async () => {
  const step = (id: string, code: string, meta = '') => `### ${id}\n\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
  handbook.write(
    'docs/back.md',
    `## Diagnose\n${step('look', 'hb suggest open x; hb suggest fail x')}## Mitigate\n${step('open', 'true', 'temporary')}${step('fail', 'false')}\n## Roll back\n${step('close', 'true', 'undoes=open')}`,
  )
  expect((await handbook.run(...words('run back --env staging --auto'))).exitCode).toBe(1)
  const { id } = JSON.parse((await handbook.run('runs', 'list', '--json')).stdout).runs[0]
  expect((await handbook.run('runs', 'roll-back', id, '--auto')).exitCode).toBe(0)
  expect(await handbook.run('runs', 'resume', id, '--auto')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('was rolled back by run'),
  })
}, 120_000)
