import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import type { Diagnosis, MatrixRow } from '../../src/journal/index.ts'
import { createMatrixReporter, matrixFormats, measure } from '../../src/report/index.ts'

const page = (page: string, rest: Partial<Diagnosis>): Diagnosis => ({
  page,
  own: false,
  said: 'ruled-out',
  suggestions: [],
  steps: [],
  seconds: 1,
  ...rest,
})
const WHY = 'nobody can connect to http://127.0.0.1:8080, and it has been so for more than a minute'
const ROWS: readonly MatrixRow[] = [
  {
    fault: 'full',
    alerts: ['Full'],
    fired: ['Full', 'Slow'],
    commit: 'c',
    date: '2026-11-30',
    pages: [
      page('fills', { own: true, flaw: 'own-ruled-out', steps: [{ id: 'usage', status: 'ruled-out', says: WHY }] }),
      page('slow', {
        said: 'suggests',
        flaw: 'suggests-other',
        suggestions: [{ step: 'restart', why: WHY, changes: true }],
      }),
      page('down', { said: 'undecided' }),
    ],
  },
  {
    fault: 'slow',
    alerts: ['Slow'],
    fired: ['Slow'],
    commit: 'c',
    date: '2026-11-30',
    pages: [
      page('fills', {}),
      page('slow', { own: true, said: 'suggests' }),
      page('down', { said: 'healed', flaw: 'healed-other' }),
    ],
  },
  { fault: 'blind', alerts: [], commit: 'c', date: '2026-11-30', pages: [page('down', {})] },
  { fault: 'gone', alerts: [], commit: 'c', date: '2026-11-30', pages: [], failure: 'it did not fire' },
]

test('a terminal is told only what is unexpected, in 80 columns', () => {
  let text = ''
  const { begin, stage, end } = createMatrixReporter(
    written => {
      text += stripVTControlCharacters(written)
    },
    () => 0,
  )
  for (const row of ROWS) {
    begin(row.fault)
    stage('diagnoses')
    end(row)
  }
  for (const line of text.split('\n')) expect(measure(line)).toBeLessThanOrEqual(80)
  const said = text.replace(/\s+/g, ' ')
  expect(said).toContain('3 pages: 1 found something to do, 1 ruled it out, 1 could not tell firing: Full, Slow')
  expect(said).toContain(`✗ fills rules out its own fault usage ruled-out: ${WHY}`)
  expect(said).toContain(`! slow would take restart: ${WHY}`)
  expect(said).toContain('✗ down says that it healed a fault which is still there')
  expect(said).toContain('1 page: 1 ruled it out firing: unknown, because Prometheus could not be asked')
  expect(said).toContain('✗ it did not fire')
  expect(said).not.toContain('down could not tell')
  expect(String(matrixFormats.text(ROWS)).replace(/\s+/g, ' ')).toContain(
    '4 faults: 1 ruled out by its own page, 1 healed',
  )
  expect(matrixFormats.text([])).toBe('0 faults: nothing unexpected\n')
})

test('Markdown has the faults down and the pages across', () => {
  expect(
    matrixFormats.markdown(ROWS),
  ).toBe(`**4 faults: 1 ruled out by its own page, 1 healed by another page, as it says, 1 where another page would change something, 1 not tried**

| Fault | down | fills | slow |
| - | - | - | - |
| \`full\` | undecided | its own: ruled out | suggests a change |
| \`slow\` | healed | ruled out | its own: suggests |
| \`blind\` | ruled out | not run | not run |
| \`gone\` | it did not fire | it did not fire | it did not fire |
`)
})

test('JSON has everything', () => {
  expect(JSON.parse(String(matrixFormats.json(ROWS)))).toEqual({ matrix: ROWS })
})
