import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, RUNBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let run: string
let folder: string
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
  handbook.write(
    'runbooks/full.md',
    RUNBOOK.replace('hb suggest', 'echo kept > log.txt; hb evidence log log.txt\nseq 1 20000\nhb suggest'),
  )
  await handbook.run('run', 'full', '--env', 'staging', '--auto')
  const runs = join(handbook.cwd, '.handbook/runs')
  run = readdirSync(runs)[0] ?? ''
  folder = join(runs, run)
})
afterAll(() => handbook.remove())

const exportRun = (...options: readonly string[]) => handbook.run('runs', 'export', run, ...options)

test('Markdown is what is written unless said; links lead to the evidence', async () => {
  const { stdout, stderr, exitCode } = await exportRun()
  expect(exitCode, stderr).toBe(0)
  expect(stdout).toMatch(/^# It is full: healed\n/)
  const [, link = ''] = /\[evidence\/look\/log\]\(([^)]*)\)/.exec(stdout) ?? []
  expect(readFileSync(join(handbook.cwd, link), 'utf8')).toBe('kept\n')
})

test('NDJSON is the ledger, byte by byte, and its chain can be verified by anybody', async () => {
  const { stdout } = await exportRun('--format', 'ndjson')
  expect(stdout).toBe(readFileSync(join(folder, 'ledger.ndjson'), 'utf8'))
  let chain = ''
  for (const line of stdout.trimEnd().split('\n')) {
    const [, written = '', said] = /^(.*),"chain":"([0-9a-f]{64})"\}$/.exec(line) ?? []
    chain = createHash('sha256').update(chain).update(`${written}}`).digest('hex')
    expect(chain).toBe(said)
  }
  const { stderr } = await exportRun('--format', 'html', '--output', 'run.html')
  expect(stderr).toContain(`head ${chain}\n`)
  expect(readFileSync(join(handbook.cwd, 'run.html'), 'utf8')).toContain(chain)
})

test('a file that stands for an output is compared with its hash', async () => {
  const file = join(folder, 'output/look.1.log')
  const before = readFileSync(file)
  try {
    expect((await exportRun('--format', 'html')).stdout).not.toContain('changed afterwards')
    appendFileSync(file, 'x')
    expect((await exportRun('--format', 'html')).stdout).toContain('output/look.1.log does not match the ledger')
  } finally {
    writeFileSync(file, before)
  }
})

describe('a ledger that was changed', () => {
  test.each(['markdown', 'json', 'ndjson', 'junit', 'html'])(
    'is exported with a warning, and exit code 1: %s',
    async format => {
      const ledger = join(folder, 'ledger.ndjson')
      const before = readFileSync(ledger, 'utf8')
      try {
        writeFileSync(ledger, before.replace('"status":"passed"', '"status":"failed"'))
        const { stdout, stderr, exitCode } = await exportRun('--format', format)
        expect(exitCode).toBe(1)
        expect(stderr).toMatch(/^✗ line \d+ of the ledger was changed/)
        if (format === 'json') expect(JSON.parse(stdout).ledger).toMatchObject({ verified: false })
        else if (format !== 'ndjson') expect(stdout).toMatch(/The ledger was changed at line \d+/)
      } finally {
        writeFileSync(ledger, before)
      }
    },
  )
})

test.each([
  [['--format', 'pdf'], 'There is no format pdf'],
  [['--format', 'htm'], 'Did you mean html?'],
  [['--format', 'html', '--json'], 'cannot be used together'],
  [['--output', 'no/such/folder/x.md'], 'no/such/folder/x.md cannot be written'],
])('%j is refused', async (options, message) => {
  const { stderr, stdout, exitCode } = await exportRun(...options)
  expect(exitCode).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(message)
  expect(existsSync(join(handbook.cwd, 'no'))).toBe(false)
})

test('a run that is not there is said to be missing', async () => {
  const { stderr, exitCode } = await handbook.run('runs', 'export', 'none')
  expect([exitCode, stderr]).toEqual([2, '✗ There is no run none\n  See handbook runs list\n'])
})
