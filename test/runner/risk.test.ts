import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()

const PAGE = `---
alerts: [A]
---
## Diagnose
### look
\`\`\`bash
hb suggest change a; hb suggest danger b
\`\`\`
## Mitigate
### change
\`\`\`bash
true
\`\`\`
### danger
\`\`\`bash risk=danger
true
\`\`\`
## Verify
### ok
\`\`\`bash
true
\`\`\`
`

async function run(options: RunOptions, page = PAGE) {
  const { events, ending } = await runs.run(page, options)
  const started = events.flatMap(event => (event.type === 'step.started' ? event.step : []))
  return { started, ending, told: tell(events) }
}

describe('--auto goes as far as the environment allows', () => {
  test.each([
    ['read', ['look'], '“change” is change'],
    ['change', ['look', 'change'], '“danger” is danger'],
  ] as const)('%s', async (auto, reached, why) => {
    const { started, ending } = await run({ environment: { auto } })
    expect(started).toEqual(reached)
    const refused = `in test --auto goes as far as ${auto}, and ${why}`
    expect(ending).toEqual({ outcome: 'inconclusive', reason: refused, refused })
  })

  test('danger', async () => {
    const { started, ending } = await run({ environment: { auto: 'danger' } })
    expect(started).toEqual(['look', 'change', 'danger', 'ok'])
    expect(ending).toMatchObject({ outcome: 'healed' })
  })
})

test('without a terminal and without --auto, the first change is refused', async () => {
  const { started, ending } = await run({ mode: 'reading' })
  expect(started).toEqual(['look'])
  expect(ending.refused).toBe('“change” changes something: that needs a terminal to ask in, or --auto')
})

test('a step of Diagnose that changes something is no exception', async () => {
  const page = PAGE.replace('```bash\nhb', '```bash risk=change\nhb')
  const { started, ending } = await run({ mode: 'reading' }, page)
  expect(started).toEqual([])
  expect(ending.refused).toMatch(/^“look” changes something/)
})

test('danger wants one of the environment’s hosts', async () => {
  const refused = await run({ environment: { hosts: ['bastion'] } })
  expect(refused.started).toEqual(['look', 'change'])
  expect(refused.ending.refused).toBe(`this machine is ${hostname()}; test is changed from bastion`)
  expect((await run({ environment: { hosts: ['bastion', hostname()] } })).ending.outcome).toBe('healed')
})

describe('a person', () => {
  test('is asked before each step that changes something, and told why it was suggested', async () => {
    const asked: string[] = []
    const { ending, told } = await run({
      mode: 'interactive',
      async confirm({ step, why }) {
        asked.push(`${step.id}: ${why}`)
        return 'run'
      },
    })
    expect(asked).toEqual(['change: a', 'danger: b'])
    expect(told).toContain('waiting for confirmation of change')
    expect(ending.outcome).toBe('healed')
  })

  test('may skip', async () => {
    const { started, told } = await run({ mode: 'interactive', confirm: async () => ({ skip: 'not now' }) })
    expect(started).toEqual(['look', 'ok'])
    expect(told).toContain('change skipped: by hand: not now')
    expect(told.at(-1)).toBe('= inconclusive')
  })

  test('may stop', async () => {
    const { ending, started } = await run({ mode: 'interactive', confirm: async () => 'stop' })
    expect(started).toEqual(['look'])
    expect(ending).toEqual({ outcome: 'interrupted', reason: 'stopped at “change”' })
  })
})

describe('a step that only reads', () => {
  const check = (code: string, meta = '', language = 'bash') =>
    `## Checks\n### one\n\`\`\`${language} ${meta}\n${code}\n\`\`\`\n`
  const options: RunOptions = {
    environment: {
      services: {
        'the-api': { restart: 'echo restarted', status: 'echo up', logs: 'echo lines; echo more >&2; exit 3' },
      },
      secrets: { readToken: { env: 'R', for: 'read' }, adminToken: { env: 'A', for: 'change' } },
    },
    secrets: { readToken: 'rrrr-secret', adminToken: 'aaaa-secret' },
  }
  const one = async (page: string) => (await run(options, page)).told.slice(2, -1)

  test('may ask services, but neither start, stop nor restart them', async () => {
    expect(await one(check('hb service the-api status'))).toEqual(['one stdout: up\n', 'one passed'])
    expect(await one(check('hb service the-api restart'))).toEqual([
      'one stderr: hb: service: a read step may not restart anything\n',
      'one failed at 4:1: bash ended with exit code 1: hb: service: a read step may not restart anything',
    ])
    expect(await one(check('HB_MAY_CHANGE=1 hb service the-api restart'))).toEqual([
      'one stderr: hb: service: this environment does not say how to restart the-api\n',
      'one failed at 4:1: bash ended with exit code 1: hb: service: this environment does not say how to restart the-api',
    ])
    expect((await one(check('await service("the-api", "restart")', '', 'ts')))[0]).toMatch(
      /Error: a read step may not restart the-api$/,
    )
  })

  test('one that changes something may', async () => {
    expect(await one(check('hb service the-api restart', 'risk=change'))).toEqual([
      'one stdout: restarted\n',
      'one passed',
    ])
    expect(await one(check('return service("the-api", "restart")', 'risk=change', 'ts'))).toEqual([
      'one stdout: restarted\n',
      'one passed {"stdout":"restarted\\n","stderr":"","exitCode":0}',
    ])
    expect((await one(check('await service("the-api", "logs")', '', 'ts'))).at(-1)).toMatch(
      /Error: logs of the-api ended with exit code 3: .*more$/,
    )
  })

  test('gets only the credential for reading', async () => {
    const look = 'echo "${READ_TOKEN:+has read} ${ADMIN_TOKEN:-no admin}"'
    expect(await one(check(look))).toContain('one stdout: has read no admin\n')
    expect(await one(check('return secret("readToken").length', '', 'ts'))).toEqual(['one passed 11'])
    expect((await one(check('secret("adminToken")', '', 'ts')))[0]).toMatch(
      /there is no secret adminToken for a step of this risk/,
    )
    expect(await one(check('echo "${ADMIN_TOKEN:+has admin}"', 'risk=change'))).toContain('one stdout: has admin\n')
    expect(await one(check('return secret("adminToken").length', 'risk=change', 'ts'))).toEqual(['one passed 11'])
  })
})
