import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { AskedAlerts, RunEvent, RunFact } from '../../../src/journal/index.ts'
import { createRunReporter } from '../../../src/report/index.ts'

const RUN = '20261122-031502-k7f2'
const LONG = 'Look how full the volume of the primary region is, and compare that with what the night job removed'

const started: RunFact = {
  type: 'run.started',
  procedure: 'storage-filling',
  path: 'runbooks/storage-filling.md',
  title: `${LONG}: what to do about it`,
  environment: 'production-in-the-region-of-the-customer',
  target: {},
  params: {},
  contentHash: 'a'.repeat(64),
  by: { user: 'somebody-with-a-long-name', host: 'ops-1.region.example.com', pid: 7 },
  mode: 'auto',
  steps: [
    { id: 'usage-of-the-volume-in-the-region', title: LONG, phase: 'diagnose', risk: 'read' },
    { id: 'night', title: 'Did the night job run?', phase: 'diagnose', risk: 'read' },
    { id: 'purge', title: 'Delete stale partial uploads', phase: 'mitigate', risk: 'danger' },
  ],
}
const begin = (step: string, title: string, phase = 'diagnose'): RunFact => ({
  type: 'step.started',
  step,
  title,
  phase,
  risk: 'read',
  attempt: 1,
  blockHash: 'b',
})
const print = (text: string): RunFact => ({ type: 'step.output', step: 'usage', stream: 'stdout', text })
const healed = (alerts?: AskedAlerts): RunFact => ({
  type: 'run.finished',
  outcome: 'healed',
  seconds: 61,
  standing: [{ step: 'purge' }],
  rollBack: [],
  basis: { mitigated: ['purge'], verified: ['canary'] },
  ...(alerts === undefined ? {} : { alerts }),
})

/** What a terminal shows of these facts; without a width, what a log has. */
function tell(facts: readonly RunFact[], width: number | undefined = 80): string {
  let text = ''
  const report = createRunReporter(
    piece => {
      text += piece
    },
    width === 0 ? undefined : width,
  )
  facts.forEach((fact, index) => {
    report({ seq: index + 1, time: '2026-11-22T03:15:00.000Z', run: RUN, ...fact } satisfies RunEvent)
  })
  return stripVTControlCharacters(text)
}

const DIAGNOSE: readonly RunFact[] = [
  started,
  { type: 'phase.started', phase: 'diagnose' },
  begin('usage-of-the-volume-in-the-region', LONG),
  print(`${'word '.repeat(40)}\n`),
  {
    type: 'step.suggested',
    step: 'usage-of-the-volume-in-the-region',
    suggests: 'purge',
    why: `it is 97% full, ${'and fuller than before '.repeat(6)}`,
  },
  {
    type: 'step.finished',
    step: 'usage-of-the-volume-in-the-region',
    status: 'passed',
    seconds: 1,
    value: { percent: 97 },
  },
  begin('night', 'Did the night job run?'),
  { type: 'step.finished', step: 'night', status: 'ruled-out', seconds: 1, reason: 'it ran at 02:00' },
]

test('no line of a run is wider than the terminal, and what a step prints keeps its gutter', () => {
  const text = tell([
    ...DIAGNOSE,
    print('half a line, '),
    print('and the rest of it, '.repeat(8)),
    print(`\n${'x'.repeat(200)}\n`),
    healed({ asked: 'nobody' }),
  ])
  const lines = text.split('\n')
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
  const output = lines.filter(line => /word|rest of it|xxx/.test(line))
  expect(output.length).toBeGreaterThan(7)
  for (const line of output) expect(line).toMatch(/^ {4}│ /)
  expect(output.map(line => line.slice(6)).join('')).toBe(
    `${'word '.repeat(40)}half a line, ${'and the rest of it, '.repeat(8)}${'x'.repeat(200)}`,
  )
})

test('a log has what a step printed as it was', () => {
  expect(tell([started, print(`${'word '.repeat(40)}\n`)], 0)).toContain('word '.repeat(40))
})

test('a step that points to a mitigation has found something, and one that only passes has passed', () => {
  const again: RunFact = {
    type: 'step.finished',
    step: 'usage-of-the-volume-in-the-region',
    status: 'passed',
    seconds: 1,
  }
  const text = tell([...DIAGNOSE, begin('usage-of-the-volume-in-the-region', LONG), again])
  expect(text.match(/✓ \w+ in/g)).toEqual(['✓ found in', '✓ passed in'])
})

test('what Diagnose found stands before Mitigate, in at most five lines', () => {
  const text = tell([...DIAGNOSE, { type: 'phase.started', phase: 'mitigate' }])
  const found = text.slice(text.indexOf('\nFound'), text.indexOf('\nMitigate'))
  expect(found.trim().split('\n')).toEqual([
    'Found',
    expect.stringMatching(/^ {2}→ Delete stale partial uploads: it is 97% full.*…$/),
    '  − Did the night job run? it ran at 02:00',
    expect.stringMatching(/^ {2}= .*percent=97/),
  ])
  const many = Array.from({ length: 9 }, (_, at): RunFact[] => [
    begin(`s${at}`, `Step ${at}`),
    { type: 'step.finished', step: `s${at}`, status: 'failed', seconds: 1, error: { message: `no ${at}` } },
  ]).flat()
  const more = tell([...DIAGNOSE, ...many, { type: 'phase.started', phase: 'mitigate' }])
  const lines = more.slice(more.indexOf('\nFound'), more.indexOf('\nMitigate')).trim().split('\n').slice(1)
  expect(lines).toHaveLength(5)
  expect(lines[0]).toContain('Delete stale partial uploads')
  expect(lines[1]).toContain('✗ s0: failed: no 0')
  expect(lines[4]).toContain('8 more')
})

test('what a step that is taken again found counts once', () => {
  const again: readonly RunFact[] = [
    begin('night', 'Did the night job run?'),
    { type: 'step.finished', step: 'night', status: 'passed', seconds: 1 },
  ]
  const text = tell([...DIAGNOSE, ...again, { type: 'phase.started', phase: 'mitigate' }])
  expect(text.slice(text.indexOf('\nFound'))).not.toContain('it ran at 02:00')
})

test.each<[string, AskedAlerts | undefined, RegExp]>([
  [
    'none fires, whichever of them did',
    { asked: 'none-fires', alerts: ['StorageFilling'], at: '2026-11-22T03:15:00Z', from: 'x' },
    /^Not firing: StorageFilling$/m,
  ],
  ['still fires', { asked: 'fires', firing: [{ alert: 'StorageFilling' }] }, /^Alert still fires: StorageFilling$/m],
  ['nobody was asked', { asked: 'nobody' }, /^Alert unknown: /m],
  ['no answer', { asked: 'no-answer', why: 'connection refused' }, /^Alert unknown: connection refused$/m],
  ['not recorded, which the sentence of its end says already', undefined, /It was not recorded whether an alert$/m],
])('a healed run says whether the alert is gone: %s', (_, alerts, line) => {
  const text = tell([...DIAGNOSE, healed(alerts)])
  expect(text).toMatch(line)
  expect(text.split('not recorded').length, text).toBeLessThan(3)
  expect(text).toContain(`handbook runs export ${RUN}`)
})

test.each<[string, RunFact[], string]>([
  ['in what it failed with', [], 'no good moment: say why with --param reason=TEXT'],
  ['in what it printed', [print('Say why: --param reason=TEXT\n')], 'exit code 1'],
])(
  'a step that asks for another parameter is not resumed, for a resumed run keeps its own: %s',
  (_, printed, message) => {
    const ended = (params: Record<string, string>) =>
      tell([
        { ...started, params },
        begin('purge', 'Delete stale partial uploads', 'mitigate'),
        ...printed,
        { type: 'step.finished', step: 'purge', status: 'failed', seconds: 1, error: { message } },
        { type: 'run.finished', outcome: 'failed', seconds: 2, standing: [], rollBack: [] },
      ])
    const asking = ended({ reason: '' })
    expect(asking).toContain('It asks for another reason; a resumed run keeps its parameters. Start a new one:')
    expect(asking).toContain('--param reason=…')
    expect(asking).not.toContain('runs resume')
    // A parameter of another page.
    expect(ended({ version: '2' })).toContain(`runs resume ${RUN}`)
  },
)
