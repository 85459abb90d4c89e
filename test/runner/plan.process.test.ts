import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'
import { provideRuns } from './provide-runs.ts'
import { createFakeClock, type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()

const LISTS = {
  bash: 'bash risk=read\n{ echo "ids<<END"; cat ids; echo END; } >> "$STEP_OUTPUT"',
  ts: "ts risk=read\nreturn (await $`cat ids`).stdout.split('\\n').filter(Boolean)",
}
const TAKES = {
  bash: 'bash risk=danger touches=stale\necho "$STEP_STALE_IDS" > gone',
  ts: "ts risk=danger touches=stale\nawait fs.writeFile('gone', [steps.stale].flat().join('\\n') + '\\n')",
}
const FINDS = 'bash risk=danger touches=stale\ncp ids gone'

const page = (list: string, block: string) =>
  `## Procedure\n### stale\n\`\`\`${list}\n\`\`\`\n### purge\n\`\`\`${block}\n\`\`\`\n`

/** Runs a page over a file of ids, and changes that while somebody is asked. */
async function runOver(text: string, before: string, meanwhile: string | undefined, options: RunOptions = {}) {
  const cwd = options.cwd ?? mkdtempSync(join(runs.root, 'plan-'))
  writeFileSync(join(cwd, 'ids'), before)
  writeFileSync(join(cwd, 'gone'), 'untouched\n')
  const asked: (readonly string[] | undefined)[] = []
  const done = await runs.run(text, {
    cwd,
    mode: 'interactive',
    confirm: async ({ step, plan }) => {
      if (step.id === 'purge') asked.push(plan?.items)
      if (step.id === 'purge' && meanwhile !== undefined) writeFileSync(join(cwd, 'ids'), meanwhile)
      return 'run'
    },
    ...options,
  })
  return { ...done, cwd, asked, told: tell(done.events), gone: readFileSync(join(cwd, 'gone'), 'utf8') }
}

describe('what a dangerous step will touch', () => {
  test.each([
    ['bash', 'bash'],
    ['ts', 'ts'],
  ] as const)(
    'is listed in %s before anybody is asked, is recorded, and is all that %s touches',
    async (list, takes) => {
      const { asked, told, gone, ending } = await runOver(page(LISTS[list], TAKES[takes]), 'a\nb\n', undefined)
      expect(asked).toEqual([['a', 'b']])
      expect(told.indexOf('purge planned a b by stale')).toBeLessThan(told.indexOf('waiting for confirmation of purge'))
      expect(gone).toBe('a\nb\n')
      expect(ending.outcome).toBe('passed')
    },
  )

  test.each([
    ['a block that finds it by itself', FINDS],
    ['a block that takes the list', TAKES.bash],
  ])('may be fewer by then: %s runs', async (_, block) => {
    const { gone, ending } = await runOver(page(LISTS.bash, block), 'a\nb\nc\n', 'a\nc\n')
    expect(gone).toBe('a\nc\n')
    expect(ending.outcome).toBe('passed')
  })

  test('stops a block that finds it by itself when there is more than planned, before anything is touched', async () => {
    const text = page(LISTS.bash, FINDS)
    const { gone, ending, told, folder, cwd } = await runOver(text, 'a\nb\n', 'a\nb\nc\n')
    expect(ending.refused).toBe(
      '“purge” would touch 1 more than the 2 of its plan: c. Nothing was touched: resume the run, and it makes a new plan',
    )
    expect(gone).toBe('untouched\n')
    expect(told).not.toContain('purge started')
    const again = await runOver(text, 'a\nb\nc\n', undefined, { cwd, resumes: folder })
    expect(again.told).toContain(
      'warned: “purge” gets a new plan, because it would touch 1 more than the 2 of its plan: c',
    )
    expect(again.asked).toEqual([['a', 'b', 'c']])
    expect(again.gone).toBe('a\nb\nc\n')
  })

  test.each([
    ['bash', 'bash'],
    ['ts', 'ts'],
  ] as const)('does not grow for a block that takes the list: %s, %s', async (list, takes) => {
    const { gone, told } = await runOver(page(LISTS[list], TAKES[takes]), 'a\nb\n', 'b\nc\nd\n')
    expect(gone).toBe('b\n')
    expect(told).toContain('warned: “purge” touches only what was planned, not 2 more that came since')
  })

  test.each([
    [
      'only speaks of the list',
      'bash risk=danger touches=stale\n# not "$STEP_STALE_IDS", because it is long\ncp ids gone',
    ],
    [
      'takes something else of that step',
      'bash risk=danger touches=stale.ids\n[ "$STEP_STALE_FREE" = 3 ]\ncp ids gone',
    ],
    ['only speaks of it in ts', "ts risk=danger touches=stale\n// not steps.stale\nawait fs.copy('ids', 'gone')"],
  ])('stops a block that %s, too', async (_, block) => {
    const list = 'bash risk=read\n{ echo "free=3"; echo "ids<<END"; cat ids; echo END; } >> "$STEP_OUTPUT"'
    const text = page(block.includes('stale.ids') ? list : LISTS.bash, block)
    const { gone, ending } = await runOver(text, 'a\nb\n', 'a\nb\nc\n')
    expect(ending.refused).toContain('would touch 1 more than the 2 of its plan: c')
    expect(gone).toBe('untouched\n')
  })

  test('has another hash when it is another list, whatever stands in its names', async () => {
    const lists = [
      ['a\nb', 'c'],
      ['a', 'b\nc'],
      ['"a\\nb"', 'c'],
      ['a\\nb', 'c'],
    ]
    const hashes: unknown[] = []
    for (const list of lists) {
      const text = page(`ts risk=read\nreturn ${JSON.stringify(list)}`, TAKES.ts)
      const { events } = await runOver(text, '', undefined)
      const planned = events.find(event => event.type === 'step.planned')
      hashes.push(planned?.type === 'step.planned' && planned.items.length === 2 && planned.hash)
    }
    expect(new Set(hashes).size).toBe(lists.length)
    expect(hashes).not.toContain(false)
  })

  test('is nothing: then nobody is asked, and nothing runs', async () => {
    const { asked, told, gone } = await runOver(page(LISTS.bash, FINDS), '', undefined)
    expect(asked).toEqual([])
    expect(told).toContain('purge skipped: #stale lists nothing that it would touch')
    expect(gone).toBe('untouched\n')
  })

  test.each([
    ['cannot be listed', 'bash risk=read\n[ ! -e ids ]', '#stale failed'],
    ['is listed as no list', 'bash risk=read\nprintf "a=1\\nb=2\\n" >> "$STEP_OUTPUT"', '#stale gave no list'],
  ])('that %s is not touched', async (_, list, why) => {
    // The step that lists has its own turn first on a page of steps; it is begun behind it here.
    const { ending, gone } = await runOver(page(list, FINDS), 'a\n', undefined, { only: 'purge' })
    expect(ending.refused).toBe(`it is not known what “purge” would touch: ${why}`)
    expect(gone).toBe('untouched\n')
  })

  test('is planned anew when its time is up', async () => {
    const text = page(LISTS.bash, FINDS)
    const clock = { ...createFakeClock(), today: () => new Date(Date.UTC(2026, 10, 22, 3)) }
    const first = await runOver(text, 'a\n', undefined, { clock, confirm: async () => 'stop' })
    expect(first.told).toContain('purge planned a by stale')
    const later = (minutes: number) => ({ ...clock, today: () => new Date(Date.UTC(2026, 10, 22, 3, minutes)) })
    const options = { cwd: first.cwd, resumes: first.folder, confirm: async () => 'stop' as const }
    const soon = await runOver(text, 'a\n', undefined, { ...options, clock: later(50) })
    expect(soon.told).not.toContain('purge planned a by stale')
    const late = await runOver(text, 'a\n', undefined, { ...options, clock: later(70) })
    expect(late.told).toContain('purge planned a by stale')
  })

  test('is held to again when the step is tried again', async () => {
    const text = page(LISTS.bash, `${FINDS}\nexit 1`)
    const cwd = mkdtempSync(join(runs.root, 'plan-'))
    const { ending, gone } = await runOver(text, 'a\n', undefined, {
      cwd,
      afterFailure: async () => {
        writeFileSync(join(cwd, 'ids'), 'a\nb\n')
        return 'retry'
      },
    })
    expect(ending.refused).toContain('“purge” would touch 1 more than the 1 of its plan: b')
    expect(gone).toBe('a\n')
  })
})

test.each([
  ['touches=other', 'touches=other names no other step of this page'],
  ['touches=purge', 'touches=purge names no other step of this page'],
  ['touches=changes', '#changes changes something, so it cannot list what will be touched'],
  ['touches=stale risk=change', 'touches= makes a plan for danger, and this step is change'],
  ['max=5', 'max= limits what a plan touches, and this step has none'],
  ['touches=stale max=many', 'max=many is not a whole number above 0'],
  ['touches=stale max=0', 'max=0 is not a whole number above 0'],
])('%s is an error at its fence', (meta, message) => {
  const risk = meta.includes('risk=') ? '' : 'risk=danger '
  const changes = '### changes\n```bash\ntrue\n```\n'
  const { problems } = parseProcedure(`${page(LISTS.bash, `bash ${risk}${meta}\ntrue`)}${changes}`, 'page.md')
  expect(problems.map(problem => problem.message)).toEqual([message])
})
