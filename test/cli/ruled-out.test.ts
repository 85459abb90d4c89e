import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { freePort, type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { createHandbook, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('runbooks/thing.md', page('alerts: [ThingDown, ThingSlow]'))
  handbook.write('runbooks/silent.md', page('id: silent'))
})
afterAll(() => handbook.remove())

/** A runbook whose only cause is never there. */
function page(frontMatter: string): string {
  const step = (id: string, code: string) => `### ${id} <!-- #${id} -->\n\`\`\`bash\n${code}\n\`\`\`\n`
  return `---\ntitle: It is down\n${frontMatter}\n---\n## Diagnose\n${step('look', 'hb rule-out "it answers"')}## Mitigate\n${step('mend', 'true')}## Verify\n${step('see', 'true')}`
}

function writeEnvironment(alertmanagerUrl?: string): void {
  const named = alertmanagerUrl === undefined ? '' : `, alertmanagerUrl: "${alertmanagerUrl}"`
  handbook.write('handbook.yaml', `url: https://x.example\nenvironments: { here: { auto: danger${named} } }\n`)
}

/** Runs a page, and gives its exit code and everything that is said of it, on the spot and afterwards. */
async function runAndTell(name = 'thing'): Promise<{ exitCode: number | undefined; told: Record<string, string> }> {
  const { exitCode, stdout } = await handbook.run('run', name, '--env', 'here', '--auto')
  const run = /run ([\w-]+)/.exec(stdout)?.[1] ?? ''
  const told: Record<string, string> = { run: stdout, show: (await handbook.run('runs', 'show', run)).stdout }
  for (const format of ['markdown', 'html', 'junit', 'json'])
    told[format] = (await handbook.run('runs', 'export', run, '--format', format)).stdout
  const flat = Object.entries(told).map(([reader, text]) => [reader, text.replaceAll(/\s+/g, ' ')] as const)
  return { exitCode, told: Object.fromEntries(flat) }
}

const NONE_FIRES = 'no alert of this page fires'

async function expectTold(sentence: string, code: number, name?: string): Promise<void> {
  const { exitCode, told } = await runAndTell(name)
  expect(exitCode, told.run).toBe(code)
  for (const [reader, text] of Object.entries(told)) {
    expect(text, reader).toContain(sentence)
    expect(text.includes(NONE_FIRES), reader).toBe(sentence === NONE_FIRES)
  }
}

test('without an Alertmanager nobody was asked, and everybody is told so', async () => {
  writeEnvironment()
  await expectTold('was not asked: the environment names no Alertmanager.', 0)
  const { stdout } = await handbook.run('run', 'thing', '--env', 'here', '--auto', '--json')
  expect(readEvents(stdout).at(-1)).toMatchObject({ outcome: 'ruled-out', alerts: { asked: 'nobody' } })
})

test('a page that answers no alert has none to ask for, even where nobody would answer', async () => {
  writeEnvironment(`http://127.0.0.1:${await freePort()}`)
  await expectTold('This page answers no alert, so none was asked for.', 0, 'silent')
})

test('an Alertmanager that does not answer leaves the run inconclusive', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  writeEnvironment(url)
  // Markdown escapes the colon of an address.
  for (const words of ['it is unknown whether an alert of this page fires: http', `${url.slice(5)} does not answer`])
    await expectTold(words, 1)
})

test('a ledger of before, in which this was not recorded, says that it was not', async () => {
  writeEnvironment()
  const { stdout } = await handbook.run('run', 'thing', '--env', 'here', '--auto', '--json')
  const run = readEvents(stdout)[0]?.run ?? ''
  const ledger = join(handbook.cwd, '.handbook/runs', run, 'ledger.ndjson')
  let chain = ''
  const lines = readFileSync(ledger, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => {
      const { alerts: _, chain: __, ...event } = JSON.parse(line)
      const written = JSON.stringify(event)
      chain = createHash('sha256').update(chain).update(written).digest('hex')
      return `${written.slice(0, -1)},"chain":"${chain}"}\n`
    })
  writeFileSync(ledger, lines.join(''))
  for (const words of [
    ['show', run],
    ['export', run],
    ['export', run, '--format', 'html'],
  ]) {
    const { exitCode, stdout } = await handbook.run('runs', ...words)
    expect(exitCode).toBe(0)
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(text, words.join(' ')).toContain('It was not recorded whether an alert of this page fires.')
    expect(text, words.join(' ')).not.toContain(NONE_FIRES)
  }
  expect(readdirSync(join(handbook.cwd, '.handbook/runs'))).toContain(run)
})

describe.runIf(requires('what a run asks of alerts', ['prometheus-alertmanager']))('with a real Alertmanager', () => {
  let manager: RunningAlertmanager
  beforeAll(async () => {
    manager = await startAlertmanager()
  })
  afterAll(() => manager.stop())
  beforeEach(() => writeEnvironment(manager.url))

  test('none fires, then one that is silenced, then one that is not', async () => {
    await manager.post({ alertname: 'Other' }, 300)
    await expectTold(NONE_FIRES, 0)
    await manager.silence('ThingSlow')
    await manager.post({ alertname: 'ThingSlow' }, 300)
    const wait = async (path: string, count: number) => {
      const list = async (): Promise<unknown> => (await fetch(`${manager.url}/api/v2/alerts?${path}`)).json()
      await expect.poll(list, { timeout: 15_000 }).toHaveLength(count)
    }
    await wait('active=false&silenced=true', 1)
    await expectTold('yet ThingSlow fires, and is silenced', 1)
    await manager.post({ alertname: 'ThingDown' }, 300)
    await wait('silenced=false', 2)
    await expectTold('yet ThingDown fires; ThingSlow fires, and is silenced', 1)
  })
})
