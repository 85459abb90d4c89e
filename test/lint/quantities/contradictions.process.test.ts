import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { beforeAll, expect, it } from 'vitest'

/** Contradictions that our pages once had, or could have: the page, its text now, and the text that contradicts another page. */
const CONTRADICTIONS: readonly (readonly [says: string, file: string, now: string, then: string])[] = [
  // Those that there were.
  [
    'customers hear of a disaster later than of a SEV1',
    'docs/recovery/disaster-recovery.md',
    '15 minutes<!-- =sev1-first-word -->, because',
    '30 minutes, because',
  ],
  [
    'the commander is called later than the severity says',
    'runbooks/storage-filling.md',
    'such as when less than 3 %<!-- =sev2-volume-free -->',
    'after 30 minutes of refused uploads, or less than 3 %<!-- =sev2-volume-free -->',
  ],
  [
    'a delivery may wait longer than the severity says',
    'runbooks/downstream-down.md',
    '30 minutes<!-- =sev2-delivery-waits -->',
    '60 minutes<!-- =sev2-delivery-waits -->',
  ],
  [
    'the commander comes at another time',
    'runbooks/bad-deployment.md',
    'after 15 minutes<!-- =escalate-after --> in any case',
    'after 30 minutes<!-- =escalate-after --> in any case',
  ],
  [
    'other answers count as failures',
    'docs/monitoring.md',
    'refusals while admission is closed<!-- =not-counted -->',
    '`503`<!-- =not-counted -->',
  ],
  [
    'bytes of delivered uploads stay for another time',
    'docs/start-here.md',
    '24 hours<!-- =retain-delivered --> longer',
    'an hour longer',
  ],
  [
    'what is left over is older than another time',
    'runbooks/storage-filling.md',
    'files that are clearly older than that',
    'files that are older than two hours',
  ],
  // And others of their kinds.
  [
    'in a table',
    'docs/incidents/index.md',
    '60 minutes<!-- =sev2-first-word -->',
    '45 minutes<!-- =sev2-first-word -->',
  ],
  ['in a block of bash, in percent', 'runbooks/admission-closed.md', 'low=15 # =storage-low', 'low=25 # =storage-low'],
  ['in a block, as a count', 'runbooks/database-down.md', '10 /* =sessions-many */', '40 /* =sessions-many */'],
  ['in a block, without a mark', 'runbooks/uploads-lost.md', '500 /* =missing-most */', '900'],
  ['in a block', 'docs/incidents/index.md', '30 * 60 /* =sev2-delivery-waits */', '60 * 60 /* =sev2-delivery-waits */'],
  [
    'in a block of bash',
    'docs/security.md',
    '-checkend 1209600 # =certificate-left',
    '-checkend 604800 # =certificate-left',
  ],
  [
    'in a list, in words',
    'docs/incidents/index.md',
    'Every 15 minutes<!-- =commander-repeats -->',
    'Every quarter of an hour',
  ],
  [
    'in words, half an hour',
    'docs/incidents/index.md',
    'gone for 15 minutes<!-- =alerts-gone-for -->',
    'gone for half an hour',
  ],
  [
    'in words, before a mark',
    'docs/live.md',
    '12 hours<!-- =session-lasts -->',
    'fourteen hours<!-- =session-lasts -->',
  ],
  [
    'in another unit',
    'docs/operations/error-budget.md',
    'to fail in 30 days<!-- =objective-window -->',
    'to fail in 700 h',
  ],
  ['in the default of a parameter', 'docs/operations/daily.md', 'default: 5m,', 'default: 50m,'],
  [
    'in a default that counts days',
    'docs/operations/weekly.md',
    'default: 30, min: 1, description: Days since',
    'default: 60, min: 1, description: Days since',
  ],
  ['in words without a number', 'docs/operations/hand-over.md', 'Monday to Thursday<!--', 'Monday to Friday<!--'],
  ['in times of day', 'docs/operations/hand-over.md', '09:00 to 15:00<!--', '08:00 to 15:00<!--'],
  [
    'in a time over which a query counts',
    'docs/deployment/deploy.md',
    '2592000 /* =objective-window */}s',
    '604800 /* =objective-window */}s',
  ],
  ['in a sum of a comparison', 'runbooks/certificate-expiring.md', '+ 14 * 86400)) ]', '+ 7 * 86400)) ]'],
  [
    'what an alert waits for',
    'runbooks/database-down.md',
    '2 minutes<!-- =database-gone-for -->',
    '3 minutes<!-- =database-gone-for -->',
  ],
]

/** What makes a quantity false, and the quantity that is then found. */
const SOURCES: readonly (readonly [id: string, file: string, now: string, then: string])[] = [
  ['retain-delivered', 'static/configuration/production.yaml', 'retainDelivered: 24h', 'retainDelivered: 12h'],
  ['storage-low', 'static/monitoring/upload-bridge.rules.yaml', 'available:ratio < 0.15', 'available:ratio < 0.1'],
  ['log-flood-from', 'static/monitoring/upload-bridge.rules.yaml', '> 64 * 1024', '> 128 * 1024'],
  [
    'database-gone-for',
    'static/monitoring/upload-bridge.rules.yaml',
    'database_up == 0\n        for: 2m',
    'database_up == 0\n        for: 4m',
  ],
]

let root: string
let found: readonly { readonly file: string; readonly line: number; readonly rule: string; readonly message: string }[]

// One check of all of them: each is in a line of its own.
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'handbook-contradictions-'))
  for (const name of ['docs', 'runbooks', 'scripts', 'static', 'handbook.yaml'])
    cpSync(name, join(root, name), { recursive: true })
  for (const name of ['dist', 'src', 'node_modules', 'package.json']) symlinkSync(resolve(name), join(root, name))
  for (const [, file, now, then] of [...CONTRADICTIONS, ...SOURCES]) {
    const text = readFileSync(join(root, file), 'utf8')
    if (!text.includes(now)) throw new Error(`${file} does not say ${now} any more`)
    writeFileSync(join(root, file), text.replace(now, then))
  }
  const { stdout } = await execa(process.execPath, [resolve('dist/handbook.cjs'), 'check', '--json'], {
    cwd: root,
    reject: false,
  })
  found = JSON.parse(stdout).problems
  return () => rmSync(root, { recursive: true, force: true })
}, 300_000)

it.each(CONTRADICTIONS)('check finds a page that contradicts others: %s', (_, file, __, then) => {
  const line = readFileSync(join(root, file), 'utf8').split(then)[0]?.split('\n').length
  expect(
    found.filter(problem => problem.file === file && problem.line === line).map(({ rule }) => rule),
  ).toContainEqual(expect.stringMatching(/^(?:quantity-(?:known|bound)|threshold-bound)$/))
})

it.each(SOURCES)('check finds a source that has another value: %s', id => {
  expect(found.filter(({ rule }) => rule === 'quantities-file').map(({ message }) => message.split(' ')[0])).toContain(
    id,
  )
})

it('finds nothing else of that kind', () => {
  expect(found.filter(({ rule }) => /^(?:quantit|threshold-bound)/.test(rule))).toHaveLength(
    CONTRADICTIONS.length + SOURCES.length,
  )
})
