import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Assessment } from '../../src/readiness/index.ts'
import { OUR_CATALOGUE } from '../readiness/our-catalogue.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write('catalogue.yaml', OUR_CATALOGUE)
  handbook.write('docs/readiness/log.md', LOG)
  handbook.write('docs/readiness/auth.md', AUTH)
})
afterEach(() => handbook.remove())

const HANDBOOK = `url: https://x.example
readiness: catalogue.yaml
target: { url: { type: string, description: where } }
environments:
  staging: { target: { url: "http://staging" } }
`

const LOG = `---
title: Logging
area: log
items: { log-1: "Structured logs, JSON" }
---

## Checks

### It logs JSON <!-- #json -->

\`\`\`bash item=log-1 breaks=plain-logs
echo "looking at $TARGET_URL"
echo "lines=4" >>"$STEP_OUTPUT"
\`\`\`

### It logs what a request took <!-- #took -->

\`\`\`ts item=log-1,log-5
await evidence('seen.txt', 'a line without a duration')
expect('no duration').toBe('a duration')
\`\`\`

### Levels change <!-- #levels -->

\`\`\`bash item=log-2
true
\`\`\`

### Old files go <!-- #rotation -->

\`\`\`ts item=log-3
skip('there is no file here')
\`\`\`

### It never ends <!-- #endless -->

\`\`\`bash item=log-6 timeout=500ms
sleep 60
\`\`\`
`

const AUTH = `---
title: Access
area: auth
items: { auth-1: Authentication }
notApplicable: { auth-1: one user only, auth-2: one user only }
---

## Checks

### A stranger is refused <!-- #stranger -->

\`\`\`bash item=auth-1
hb skip "keys are off"
\`\`\`
`

async function assess(...args: readonly string[]): Promise<{ assessment: Assessment; exitCode: number | undefined }> {
  const { stdout, stderr, exitCode } = await handbook.run('assess', '--env', 'staging', '--json', ...args)
  if (stdout === '') throw new Error(stderr)
  return { assessment: JSON.parse(stdout), exitCode }
}

describe('handbook assess', () => {
  test('gives all 62 items a result, and every check its evidence', async () => {
    const { assessment, exitCode } = await assess()
    expect(exitCode).toBe(0)
    const { items, areas, score } = assessment
    expect(items).toHaveLength(62)
    expect(areas.map(({ id }) => id).join()).toBe('log,conf,sec,health,ops,bak,perf,doc,gate,auth')
    const result = (id: string) => {
      const item = items.find(item => item.id === id)
      return [item?.result, item?.reason]
    }
    expect(result('log-1')).toEqual(['failed', expect.stringContaining('It logs what a request took: ')])
    expect(result('log-2')).toEqual(['passed', undefined])
    expect(result('log-3')).toEqual(['unknown', 'Old files go: there is no file here'])
    expect(result('log-4')).toEqual(['unknown', 'no check'])
    expect(result('log-5')[0]).toBe('failed')
    expect(result('log-6')).toEqual(['unknown', 'It never ends: timed out: ended after 500 ms, its timeout'])
    expect(result('conf-1')).toEqual(['unknown', 'no check'])
    expect(result('auth-1')).toEqual(['not-applicable', 'one user only'])
    expect(result('auth-2')).toEqual(['not-applicable', 'one user only'])
    // One item of weight 6, of all that weighs 253 but for the two that do not apply.
    expect(score).toBe(2.3)
    expect(areas.find(({ id }) => id === 'log')).toMatchObject({ score: 16.6, claimed: 30 })
    expect(areas.find(({ id }) => id === 'perf')).toMatchObject({ score: null, claimed: null })

    const [json, took] = items.find(({ id }) => id === 'log-1')?.checks ?? []
    expect(json).toMatchObject({
      id: 'json',
      result: 'passed',
      breaks: ['plain-logs'],
      page: 'docs/readiness/log.md',
      line: 9,
      evidence: { output: 'looking at http://staging', value: { lines: '4' }, files: [] },
    })
    expect(took?.reason).toContain('a duration')
    const file = took?.evidence.files[0] ?? ''
    const kept = join(handbook.cwd, '.handbook/runs', took?.evidence.run ?? '', file)
    expect(readFileSync(kept, 'utf8')).toBe('a line without a duration')
  })

  test('tells people what it found and what to do next, in 80 columns, and its progress beside it', async () => {
    const { stdout, stderr, exitCode } = await handbook.run('assess', '--env', 'staging')
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^log: 5 checks in /m)
    expect(stdout).toMatch(/^Logging & monitoring +█+░+ +16\.6 % +30 %$/m)
    expect(stdout).toContain('not the mean of its parts, which is 57.7 %')
    expect(stdout).toContain('✗ log-1    Structured logs, JSON')
    expect(stdout).toContain('? log-4    Central log shipping: no check')
    expect(stdout).toContain('– auth-2   Role-based access: not applicable, one user only')
    expect(stdout).toMatch(/^The shortest way to 90 %: \d+ items, \d+ h: /m)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('assesses one area alone, and holds the score against --min-score', async () => {
    const { assessment, exitCode } = await assess('--area', 'log', '--min-score', '20')
    expect(exitCode).toBe(1)
    expect(assessment.items.map(({ area }) => area)).toEqual(Array(7).fill('log'))
    expect(assessment.score).toBe(16.6)
    expect((await assess('--area', 'log', '--min-score', '16.6')).exitCode).toBe(0)
    const blind = await assess('--area', 'auth')
    expect(blind).toMatchObject({ exitCode: 1, assessment: { score: null } })
  })

  test('is refused what the environment does not allow, and measures the rest', async () => {
    handbook.write('docs/readiness/log.md', LOG.replace('bash item=log-1', 'bash item=log-1 risk=change'))
    const { assessment, exitCode } = await assess('--area', 'log')
    expect(exitCode).toBe(3)
    const results = assessment.items.map(({ id, result }) => `${id} ${result}`)
    expect(results).toContain('log-2 passed')
    expect(assessment.items[0]?.checks[0]).toMatchObject({ id: 'json', result: 'unknown' })
    expect(assessment.items[0]?.checks[0]?.reason).toContain('not run: ')
  })

  test('warns, once, that runs are not recorded in their place, and measures all the same', async () => {
    handbook.write('.handbook', '')
    const { stdout, stderr, exitCode } = await handbook.run('assess', '--env', 'staging', '--json')
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^! \w+: the record of this run is kept in /m),
    })
    expect(JSON.parse(stdout).score).toBe(2.3)
    expect(stderr.match(/of this run is kept in/g)).toHaveLength(1)
    expect(stderr).not.toMatch(/defect|^ +at /m)
  })

  test('keeps a whole assessment for the site, without this machine’s paths, and only when told to', async () => {
    const file = join(handbook.cwd, 'static/readiness/assessment.json')
    handbook.write('docs/readiness/log.md', LOG.replace('echo "looking', 'pwd; echo "looking'))
    await assess()
    expect(existsSync(file)).toBe(false)
    expect((await handbook.run('assess', '--env', 'staging', '--write', '--area', 'log')).exitCode).toBe(2)
    await assess('--write')
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(handbook.cwd)
    const kept: Assessment = JSON.parse(text)
    expect(kept).toMatchObject({ environment: 'staging', score: 2.3, items: { length: 62 } })
    expect(Object.keys(kept.pages)).toEqual(['docs/readiness/auth.md', 'docs/readiness/log.md'])
    expect(kept.items[0]?.checks[0]?.evidence.output).toBe('.\nlooking at http://staging')
    await assess('--write')
    const { history }: Assessment = JSON.parse(readFileSync(file, 'utf8'))
    expect(history).toEqual([
      {
        date: kept.date,
        commit: kept.commit,
        environment: 'staging',
        says: expect.stringMatching(/^2\.3 %, \d+ of \d+/),
      },
    ])
  })

  test('keeps of what a check prints what is no terminal’s business', async () => {
    const loud = `printf '\\033[31mred\\033[0m \\033]8;;https://x.example\\033\\\\link\\033]8;;\\033\\\\ \\a.\\n'`
    handbook.write('docs/readiness/log.md', LOG.replace('echo "looking at $TARGET_URL"', loud))
    const { assessment } = await assess('--area', 'log')
    expect(assessment.items[0]?.checks[0]?.evidence.output).toBe('red link .')
  })

  test('tells code hosts and CI servers at which line, and what is unknown as not passed', async () => {
    const sarif = JSON.parse((await handbook.run('assess', '--env', 'staging', '--format', 'sarif')).stdout)
    const results: { ruleId: string; level: string; locations: object[] }[] = sarif.runs[0].results
    expect(sarif.runs[0].tool.driver.rules).toHaveLength(62)
    expect(results.find(({ ruleId }) => ruleId === 'log-5')).toMatchObject({
      level: 'error',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'docs/readiness/log.md' }, region: { startLine: 16 } } },
      ],
    })
    expect(results.filter(({ ruleId }) => ruleId === 'conf-1')).toMatchObject([{ level: 'warning' }])
    expect(results.filter(({ ruleId }) => ['log-2', 'auth-1', 'auth-2'].includes(ruleId))).toEqual([])

    const { stdout } = await handbook.run('assess', '--env', 'staging', '--area', 'log', '--format', 'junit')
    expect(stdout).toMatch(/<testsuite name="Logging &amp; monitoring" tests="8" failures="6" errors="0" skipped="0"/)
    expect(stdout).toContain('name="log-2 Levels change"')
    expect(stdout).toMatch(/<failure message="no check" type="unknown">/)
  })

  test('writes Markdown in which nothing that a check says is markup', async () => {
    handbook.write('docs/readiness/log.md', LOG.replace("'no duration'", "'<b>|no|</b>'"))
    const { stdout } = await handbook.run('assess', '--env', 'staging', '--format', 'markdown')
    expect(stdout).toMatch(/^\| Logging & monitoring +\| 16.6 % +\| 30 % +\|$/m)
    expect(stdout).not.toMatch(/[^\\]<b>|[^\\]\|no/)
  })

  test.each([
    ['an unknown area', ['--area', 'logs'], /There is no area logs/],
    ['an area without a page', ['--area', 'perf'], /No page assesses the area perf/],
    ['a score that is none', ['--min-score', 'ninety'], /--min-score ninety is not a percentage/],
    ['an unknown format', ['--format', 'pdf'], /There is no format pdf/],
  ])('is not used with %s', async (_, args, message) => {
    const { exitCode, stderr } = await handbook.run('assess', '--env', 'staging', ...args)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) })
  })

  test.each([
    ['that names no item', LOG.replace(' item=log-2', ''), /log\.md:\d+:\d+ “Levels change” names no item/],
    ['of an item that there is not', LOG.replace('item=log-2', 'item=log-9'), /The area log has no item log-9/],
    ['of another area', LOG.replace('item=log-2', 'item=sec-1'), /The area log has no item sec-1/],
    ['on a page without area', LOG.replace('area: log\n', ''), /does not say which area it assesses/],
    ['on a page that cannot be read', LOG.replace('sleep 60\n```\n', 'sleep 60\n'), /never closed/],
  ])('does not leave out in silence a check %s', async (_, page, message) => {
    handbook.write('docs/readiness/log.md', page)
    const { exitCode, stderr } = await handbook.run('assess', '--env', 'staging')
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) })
  })

  test('prints no score when it is interrupted', async () => {
    handbook.write('docs/readiness/log.md', LOG.replace('timeout=500ms', 'timeout=5m'))
    const assessing = handbook.start(['assess', '--env', 'staging', '--area', 'log'])
    let stdout = ''
    assessing.stdout?.on('data', data => {
      stdout += data
    })
    const runs = join(handbook.cwd, '.handbook/runs')
    await expect.poll(() => existsSync(runs) && readdirSync(runs).length, { timeout: 30_000 }).toBe(1)
    assessing.kill('SIGINT')
    expect((await assessing).exitCode).toBe(130)
    expect(stdout).toBe('')
  })

  test.each([
    ['that is not there', 'readiness: gone.yaml', /handbook\.yaml:2:12 readiness: there is no file gone\.yaml/],
    ['that is wrong', 'readiness: wrong.yaml', /wrong\.yaml:1:8 areas/],
    ['that nobody named', '', /names no catalogue/],
  ])('says what is wrong with a catalogue %s', async (_, named, message) => {
    handbook.write('handbook.yaml', HANDBOOK.replace('readiness: catalogue.yaml', named))
    handbook.write('wrong.yaml', 'areas: 5\n')
    const { exitCode, stdout, stderr } = await handbook.run('assess', '--env', 'staging')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  test('assesses what another handbook asks for, by a catalogue that claims nothing', async () => {
    const item = '{ id: brew-1, title: It brews, hours: 2 }'
    const area = (id: string) => `  - { id: ${id}, title: Brewing, priority: high, items: [${item}] }\n`
    handbook.write('catalogue.yaml', `areas:\n${area('brew')}`)
    handbook.write('docs/readiness/auth.md', '# Nothing\n')
    const page = LOG.slice(0, LOG.indexOf('### It logs what')).replaceAll('log-1', 'brew-1')
    handbook.write(
      'docs/readiness/log.md',
      page.replace('area: log', 'area: brew').replace('Structured logs, JSON', 'It brews'),
    )
    const { assessment } = await assess()
    expect(assessment).toMatchObject({ score: 100, areas: [{ id: 'brew', claimed: null }], items: [{ id: 'brew-1' }] })
    expect(assessment).not.toHaveProperty('claimed')
    expect((await handbook.run('assess', '--env', 'staging')).stdout).not.toMatch(/NaN|null|undefined|claimed and not/)
  })

  test('says what is missing when there is nothing to assess', async () => {
    const { exitCode, stderr } = await handbook.run('assess')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--env')
  })
})

describe('the practice deployment', () => {
  const LAB = `url: https://x.example
readiness: catalogue.yaml
rules: [static/monitoring]
target: { url: { type: string, description: where } }
environments: { lab: { lab: true } }
`
  test('is started for the time of the assessment when none runs', { timeout: 180_000 }, async () => {
    handbook.write('handbook.yaml', handbook.lab + LAB)
    cpSync('static/monitoring', join(handbook.cwd, 'static/monitoring'), { recursive: true })
    const alive = 'curl -sf "$TARGET_URL/livez"; echo "url=$TARGET_URL" >>"$STEP_OUTPUT"'
    handbook.write(
      'docs/readiness/log.md',
      LOG.slice(0, LOG.indexOf('### It logs what')).replace(/echo "looking.*/, alive),
    )
    const { stdout, exitCode } = await handbook.run('assess', '--env', 'lab', '--area', 'log', '--json')
    expect(exitCode).toBe(0)
    const { items, environment }: Assessment = JSON.parse(stdout)
    expect(environment).toBe('lab')
    const [check] = items[0]?.checks ?? []
    expect(check).toMatchObject({ result: 'passed', evidence: { output: expect.stringContaining('"status":"pass"') } })
    const url = Object(check?.evidence.value).url
    await expect(fetch(`${url}/livez`)).rejects.toThrow()
    const left = readdirSync(join(handbook.cwd, '.handbook')).filter(name => name !== 'newest-runs')
    expect(left.sort()).toEqual(['assess', 'changes.index', 'runs'])
    expect(readdirSync(join(handbook.cwd, '.handbook/assess'))).toEqual([])

    const { exitCode: refused, stderr } = await handbook.run('assess')
    expect({ refused, stderr }).toMatchObject({ refused: 2, stderr: expect.stringContaining('handbook lab up') })
  })
})
