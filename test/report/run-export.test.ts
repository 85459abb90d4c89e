import { remark } from 'remark'
import remarkGfm from 'remark-gfm'
import { SaxesParser } from 'saxes'
import { visit } from 'unist-util-visit'
import { describe, expect, test } from 'vitest'
import type { RunEvent, RunFact } from '../../src/journal/index.ts'
import { type ExportedRun, type KeptFile, runFormats } from '../../src/report/index.ts'

const HOSTILE =
  '</script><script>alert(1)</script> <img src=x onerror=alert(1)> & "q" \'s\' \u001b[31mred\u001b[0m \u0001 \ud800 \ufffe | *b* `c` [l](javascript:x)'

const FACTS: readonly RunFact[] = [
  {
    type: 'run.started',
    procedure: 'p',
    path: 'runbooks/p.md',
    title: `Title ${HOSTILE}`,
    environment: 'production',
    target: { url: `http://x/${HOSTILE}` },
    params: { age: '24h' },
    contentHash: 'a'.repeat(64),
    by: { user: 'ann', host: 'ops-1', pid: 7 },
    mode: 'interactive',
    steps: [
      { id: 'look', title: `Look ${HOSTILE}`, phase: 'diagnose', risk: 'read' },
      { id: 'mend', title: 'Mend', phase: 'mitigate', risk: 'danger' },
      { id: 'unmend', title: 'Take it back', phase: 'roll-back', risk: 'change' },
    ],
  },
  { type: 'run.warned', message: `overdue ${HOSTILE}` },
  { type: 'phase.started', phase: 'diagnose' },
  { type: 'step.started', step: 'look', title: 'Look', phase: 'diagnose', risk: 'read', attempt: 1, blockHash: 'b' },
  { type: 'step.output', step: 'look', stream: 'stdout', text: `out ${HOSTILE}\n10%\r50%\r100%\n` },
  { type: 'step.output', step: 'look', stream: 'stderr', text: HOSTILE, skipped: 5_000_000 },
  {
    type: 'step.output-kept',
    step: 'look',
    bytes: 6_000_000,
    file: 'output/look.1.log',
    kept: 6_000_000,
    sha256: 'c'.repeat(64),
  },
  { type: 'step.suggested', step: 'look', suggests: 'mend', why: `why ${HOSTILE}` },
  { type: 'step.evidence', step: 'look', evidence: { name: `log ${HOSTILE}`, file: 'evidence/look/log' } },
  { type: 'step.evidence', step: 'look', evidence: { name: 'picture', file: 'evidence/look/picture' } },
  { type: 'step.evidence', step: 'look', evidence: { name: 'facts', value: { [HOSTILE]: [HOSTILE] } } },
  { type: 'step.retrying', step: 'look', attempt: 1, error: { message: `first ${HOSTILE}` } },
  { type: 'step.started', step: 'look', title: 'Look', phase: 'diagnose', risk: 'read', attempt: 2, blockHash: 'b' },
  { type: 'step.finished', step: 'look', status: 'passed', seconds: 2, value: { percent: 93, [HOSTILE]: HOSTILE } },
  {
    type: 'step.unapproved',
    step: 'mend',
    reason: `the night shift ${HOSTILE}`,
    by: { user: 'ann', host: 'ops-1', pid: 7 },
  },
  { type: 'step.started', step: 'mend', title: 'Mend', phase: 'mitigate', risk: 'danger', attempt: 1, blockHash: 'b' },
  {
    type: 'step.finished',
    step: 'mend',
    status: 'failed',
    seconds: 3,
    error: { message: HOSTILE, line: 12, column: 3 },
  },
  {
    type: 'run.finished',
    outcome: 'failed',
    reason: `because ${HOSTILE}`,
    seconds: 6,
    standing: [{ step: 'mend', undoneBy: 'unmend' }],
    rollBack: ['unmend'],
  },
]

const events = FACTS.map((fact, index): RunEvent => {
  const time = new Date(Date.UTC(2026, 10, 22, 3, 15, index)).toISOString()
  return { seq: index + 1, time, run: '20261122-031500-abcd', ...fact }
})

const FILES: ReadonlyMap<string, KeptFile> = new Map([
  ['evidence/look/log', { link: 'runs/evidence/look/log', bytes: 20, text: `kept ${HOSTILE}` }],
  [
    'evidence/look/picture',
    { link: 'runs/evidence/look/picture', bytes: 4, image: { type: 'image/png', base64: 'AAAA' } },
  ],
  ['output/look.1.log', { link: 'runs/output/look.1.log', bytes: 6_000_000, changed: false }],
])

function formatRun(run: Omit<ExportedRun, 'ledger'>, format: keyof typeof runFormats): string {
  return String(runFormats[format]({ ...run, ledger: new Uint8Array() }))
}

const record = { events, outcome: 'failed', head: 'd'.repeat(64), files: FILES } as const

/** The elements and attributes of an HTML text, and what it says. */
function readHtml(text: string): { tags: string[]; attributes: string[]; words: string } {
  const tags: string[] = []
  const attributes: string[] = []
  let words = ''
  const body = text.slice(text.indexOf('<body>')).replace(/<\/html>\s*$/, '')
  // Strict: an element that a text smuggled in, or left open, is an error.
  const parser = new SaxesParser()
  parser.on('opentag', tag => {
    tags.push(tag.name)
    attributes.push(...Object.keys(tag.attributes))
  })
  parser.on('text', said => {
    words += said
  })
  parser
    .write(
      body
        .replaceAll('<br>', '<br/>')
        .replace(/<img ([^>]*)>/g, '<img $1/>')
        .replaceAll(' open>', ' open="">'),
    )
    .close()
  return { tags, attributes, words }
}

describe('one HTML file', () => {
  const text = formatRun(record, 'html')

  test('holds everything, and nothing of what a text says is obeyed', () => {
    const { tags, attributes, words } = readHtml(text)
    expect(tags).not.toContain('script')
    expect(attributes.filter(name => name.startsWith('on'))).toEqual([])
    expect(tags.filter(name => name === 'img')).toHaveLength(1)
    for (const prefix of ['Title', 'out', 'why', 'log', 'first', 'because', 'kept', 'overdue', 'the night shift'])
      expect(words, prefix).toContain(
        `${prefix} </script><script>alert(1)</script> <img src=x onerror=alert(1)> & "q" 's' red ␁ \ufffd \ufffd | *b*`,
      )
    expect(words).toContain('100%')
    expect(words).not.toContain('50%')
    expect(words).toContain('… 5.0 MB more …')
    expect(words).toContain('All 6.0 MB: output/look.1.log')
    expect(words).toContain('(line 12 of the page)')
    expect(words).toContain('ann@ops-1, interactive')
    expect(words).toContain('handbook runs roll-back 20261122-031500-abcd')
    expect(words).toContain(
      `The ledger is consistent, not anchored: ${events.length} events, and nobody else has a head of it. Chain head ${'d'.repeat(64)}.`,
    )
    expect(words).not.toContain('\u001b')
  })

  test('asks nobody for anything', () => {
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`)
    expect(
      text.match(/\b(?:src|href)="[^"]*"/g)?.filter(link => !/"(?:data:image\/png;base64,|runs\/)/.test(link)),
    ).toEqual([])
    expect(text).not.toMatch(/url\(|@import/)
  })

  test('what failed is open, and what nobody approved is told first', () => {
    expect(text).toMatch(/<details class="step failed" id="mend" open>/)
    expect(text).toMatch(/<details class="step passed" id="look">/)
    expect(text.indexOf('role="alert">“Mend”. Break glass')).toBeLessThan(text.indexOf('What happened'))
    expect(text.indexOf('role="alert">“Mend”. Break glass')).toBeGreaterThan(0)
  })
})

test('Markdown tells when, what was found, done and left standing, and nothing of what a text says is markup', () => {
  const text = formatRun(record, 'markdown')
  expect(text).toContain('## Timeline\n')
  expect(text).toMatch(/^> \*\*⚠ “Mend”: Break glass/m)
  expect(text).toContain('| 03:15:03 | +3 s | Diagnose: Look')
  expect(text).toContain('after 2 tries')
  expect(text).toContain('handbook runs roll-back 20261122-031500-abcd')
  expect(text).toContain('[evidence/look/log](runs/evidence/look/log)')
  const kinds = new Set<string>()
  visit(remark().use(remarkGfm).parse(text), node => {
    kinds.add(node.type === 'link' ? node.url : node.type)
  })
  expect(
    [...kinds].filter(kind => kind === 'html' || kind === 'image' || kind === 'emphasis' || /^javascript/.test(kind)),
  ).toEqual([])
  expect(text).not.toContain('\u001b')
})

test('JUnit has a case a step, one for the ledger, and is well-formed', () => {
  const text = formatRun(record, 'junit')
  const cases: string[] = []
  const parser = new SaxesParser()
  parser.on(
    'opentag',
    tag =>
      tag.name === 'testcase' && cases.push(`${tag.attributes.classname}: ${String(tag.attributes.name).slice(0, 12)}`),
  )
  parser.write(text).close()
  expect(cases).toEqual(['Diagnose: Look </scrip', 'Mitigate: Mend', 'Roll back: Take it back', 'Ledger: The ledger i'])
  expect(text).toContain('type="failed"')
  expect(text).toContain('Break glass')
})

test('JSON says what the ledger is worth', () => {
  expect(JSON.parse(formatRun(record, 'json'))).toMatchObject({
    id: '20261122-031500-abcd',
    outcome: 'failed',
    ledger: { verified: false, state: 'consistent', head: 'd'.repeat(64), events: events.length },
    steps: [
      {
        id: 'look',
        status: 'passed',
        phase: 'Diagnose',
        value: { percent: 93 },
        retries: [{ attempt: 1 }],
        keptOutput: { kept: 6_000_000 },
      },
      { id: 'mend', status: 'failed', notes: [{ loud: true }] },
    ],
    notRun: [{ id: 'unmend' }],
  })
})

test.each(['html', 'markdown', 'junit', 'json'] as const)('a ledger that was changed is told loudly: %s', format => {
  const text = formatRun({ ...record, events: events.slice(0, 5), outcome: 'interrupted', badLine: 6 }, format)
  if (format === 'json')
    expect(JSON.parse(text).ledger).toEqual({
      verified: false,
      state: 'changed',
      head: 'd'.repeat(64),
      events: 5,
      badLine: 6,
    })
  else expect(text).toContain('The ledger was changed at line 6.')
  if (format === 'junit') expect(text).toContain('failures="2"')
})

test('evidence that was changed afterwards is told', () => {
  const files = new Map([...FILES, ['output/look.1.log', { link: 'x', bytes: 1, changed: true }]])
  expect(formatRun({ ...record, files }, 'html')).toContain('output/look.1.log does not match the ledger')
})

test('a run that is going on, or was interrupted, can be exported', () => {
  const some = { ...record, events: events.slice(0, 5), outcome: 'running' } as const
  expect(formatRun(some, 'html')).toContain('<details class="step running" id="look">')
  expect(formatRun({ ...some, outcome: 'interrupted' }, 'html')).toContain(
    '<details class="step interrupted" id="look" open>',
  )
})

describe('what must be known of dangerous steps', () => {
  const by = { user: 'ben', host: 'ops-2', pid: 8 }
  const start = { title: 'Mend', phase: 'mitigate', risk: 'danger', attempt: 1, blockHash: 'b' } as const
  const facts: readonly RunFact[] = [
    ...FACTS.slice(0, 1),
    { type: 'step.approved', step: 'mend', by: 'carla', text: 'text', signature: 'signature' },
    { type: 'step.started', step: 'mend', ...start },
    { type: 'step.output', step: 'mend', stream: 'stdout', text: 'deleted 4711 files' },
    { type: 'step.finished', step: 'mend', status: 'passed', seconds: 1 },
    { type: 'run.resumed', by, mode: 'auto', accepted: ['the block of #look is another'] },
    { type: 'phase.started', phase: 'roll-back', temporary: true },
    { type: 'step.unapproved', step: 'unmend', reason: 'nobody answers', by },
    { type: 'step.started', ...start, step: 'unmend', title: 'Take it back', phase: 'roll-back' },
    { type: 'step.finished', step: 'unmend', status: 'passed', seconds: 1 },
  ]
  const events = facts.map((fact, index) => ({
    ...fact,
    seq: index + 1,
    time: new Date(Date.UTC(2026, 10, 22, 3, 12, index)).toISOString(),
    run: 'r',
  }))
  const files = new Map<string, KeptFile>()
  const record: ExportedRun = { events, outcome: 'passed', head: 'd', files, ledger: new Uint8Array() }
  const write = (format: keyof typeof runFormats) =>
    String(runFormats[format](record))
      .replaceAll('\\', '')
      .replaceAll(/<[^>]*>/g, text => (format === 'html' ? '' : text))

  test.each(['markdown', 'html', 'json', 'junit'] as const)(
    'is in %s: who allowed them, when, why, who ran them',
    format => {
      const text = write(format)
      for (const word of ['carla', 'nobody answers', 'ann@ops-1', 'ben@ops-2', 'deleted 4711 files'])
        expect(text).toContain(word)
      expect(text).toMatch(format === 'json' || format === 'junit' ? /2026-11-22T03:12:01/ : /03:12:01 UTC/)
      expect(text).toContain('Revert temporary changes')
    },
  )

  test('is in a section of its own, and what they printed is quoted', () => {
    const text = write('markdown')
    expect(text).toContain('- **Mend**, approved by carla at 03:12:01 UTC')
    expect(text).toContain('- **Take it back**, run by ben@ops-2 without an approval at 03:12:07 UTC: nobody answers')
    expect(text).toContain('## Output of “Mend” (passed)')
    expect(text).toContain('ben@ops-2 accepted: the block of #look is another')
  })
})
