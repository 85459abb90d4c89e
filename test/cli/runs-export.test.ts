import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

describe('links lead to the evidence wherever the export is written', () => {
  const follow = (file: string) => {
    const text = readFileSync(join(handbook.cwd, file), 'utf8')
    const links = [...text.matchAll(/\]\(([^)]*)\)|href="([^"#]*)"/g)].map(([, one, other]) => one ?? other ?? '')
    return links.map(link => join(handbook.cwd, dirname(file), decodeURIComponent(link)))
  }

  test.each([
    ['a file', '$HANDBOOK runs export RUN --output FOLDER/run.md', 'run.md'],
    ['a page', '$HANDBOOK runs export RUN --format html --output FOLDER/run.html', 'run.html'],
    ['a file that the shell writes', '$HANDBOOK runs export RUN > FOLDER/run.md', 'run.md'],
    ['a file that is written on', '$HANDBOOK runs export RUN >> FOLDER/run.md', 'run.md'],
    ['a folder', '$HANDBOOK runs export RUN --to FOLDER', 'RUN.md'],
    ['a folder that is not there yet', '$HANDBOOK runs export RUN --to FOLDER/new/one', 'new/one/RUN.md'],
    ['a folder, as a page', '$HANDBOOK runs export RUN --format html --to FOLDER', 'RUN.html'],
  ])('%s', async (name, command, file) => {
    const folder = `out/${name.replaceAll(/\W/g, '-')}`
    mkdirSync(join(handbook.cwd, folder), { recursive: true })
    const { exitCode, stderr } = await handbook.shell(command.replaceAll('RUN', run).replaceAll('FOLDER', folder))
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toContain('evidence copied to ')
    const links = follow(`${folder}/${file.replace('RUN', run)}`)
    expect(links).toHaveLength(2)
    for (const link of links) expect(link).not.toContain('.handbook')
    expect(links.map(link => readFileSync(link, 'utf8').slice(0, 5))).toEqual(expect.arrayContaining(['kept\n']))
  })

  test('a folder and a file together are refused', async () => {
    expect(await exportRun('--to', 'out', '--output', 'out/x.md')).toMatchObject({ exitCode: 2, stdout: '' })
  })
})

test.each(['json', 'junit', 'ndjson'])('a folder takes %s and the evidence, too', async format => {
  expect((await exportRun('--format', format, '--to', `out/${format}`)).exitCode).toBe(0)
  expect(readFileSync(join(handbook.cwd, 'out', format, run, 'evidence/look/log'), 'utf8')).toBe('kept\n')
  expect(readdirSync(join(handbook.cwd, 'out', format))).toHaveLength(2)
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

test('an export hides what is a secret by now', async () => {
  const secret = 'a-late-secret-4711'
  handbook.write(
    'runbooks/late.md',
    `## Procedure\n### one\n\`\`\`bash\necho "${secret.slice(0, 7)}""${secret.slice(7)}" | tee kept; hb evidence kept kept\n\`\`\`\n`,
  )
  const before = readdirSync(dirname(folder))
  await handbook.run('run', 'late', '--env', 'staging', '--auto')
  const late = readdirSync(dirname(folder)).find(name => !before.includes(name)) ?? ''
  handbook.write('late-secret', secret)
  const named = 'auto: danger, secrets: { late: { file: late-secret } }'
  handbook.write('handbook.yaml', HANDBOOK.replace('staging: { auto: danger', `staging: { ${named}`))
  for (const format of ['markdown', 'html', 'json', 'junit', 'ndjson']) {
    const to = join(handbook.root, `late-${format}`)
    const { stderr, exitCode } = await handbook.run('runs', 'export', late, '--format', format, '--to', to)
    expect([format, exitCode]).toEqual([format, 0])
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`The record of ${late} holds a secret of its environment in clear`)
    const texts = readdirSync(to, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && !entry.name.endsWith('.ndjson'))
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    expect(texts.join('')).toContain('[redacted]')
    expect(texts.join(''), format).not.toContain(secret)
  }
  handbook.write('handbook.yaml', HANDBOOK)
}, 60_000)
