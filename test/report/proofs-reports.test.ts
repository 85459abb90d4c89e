import { expect, it } from 'vitest'
import { drillFormats, formatProofsJunit, formatProofsMarkdown } from '../../src/report/index.ts'
import { makeProof } from '../lint/make-proof.ts'

const PROOFS = [
  makeProof({ felt: { failedShare: 0.012, longestGapSeconds: 3 } }),
  makeProof({
    id: 'example--downstream-down',
    proven: false,
    outcome: 'failed',
    secondsToClear: null,
    reason: 'ExampleAlert never cleared',
  }),
]

it('JUnit has a suite a runbook and a case a drill, with its seconds', () => {
  const report = formatProofsJunit(PROOFS)
  expect(report).toContain('<testsuite name="example" tests="2" failures="1" errors="0" skipped="0" time="32">')
  expect(report).toContain('<testcase name="example--storage-filling" classname="example" time="17">')
  expect(report).toContain('<failure message="ExampleAlert never cleared" type="failed"/>')
  expect(report).toContain('"secondsToHeal": 5')
})

it('Markdown counts what is proven, and shows what was measured', () => {
  expect(formatProofsMarkdown(PROOFS)).toBe(`**1 of 2 drills proven**

| Drill | Alert | Fired | Healed | Cleared | Failed | Lost | Result |
| - | - | - | - | - | - | - | - |
| \`example--storage-filling\` | ExampleAlert | 10 s | 5 s | 2 s | 1.2 % | 0 of 150 orders | proven |
| \`example--downstream-down\` | ExampleAlert | 10 s | 5 s | not seen | unknown | 0 of 150 orders | not proven: ExampleAlert never cleared |
`)
})

it('a drill that escalated healed nothing, as it was meant to', () => {
  const escalated = makeProof({
    outcome: 'inconclusive',
    escalated: 'usage',
    secondsToHeal: null,
    secondsToClear: null,
  })
  expect(formatProofsMarkdown([escalated])).toContain(
    '| 10 s | no: escalated | no | unknown | 0 of 150 orders | proven |',
  )
})

it('what no drill counted, and a report of no drills, are said as such', () => {
  const { workload: _, ...uncounted } = makeProof({})
  expect(formatProofsMarkdown([uncounted])).toContain('nothing was counted: what was lost is unknown')
  expect(formatProofsJunit([])).toContain('tests="1" failures="0" errors="0" skipped="1"')
})

it('Markdown says below what of each page is drilled, and what this lab cannot prove', () => {
  const page = { procedure: 'example', mitigations: ['purge'], rollBack: [], undrilled: ['purge'], suggestions: [] }
  const proofs = [makeProof({ notProven: ['a network'] }), makeProof({ notProven: ['a network', '*two* machines'] })]
  const text = String(drillFormats.markdown({ proofs, coverage: [page] }))
  expect(text).toContain(`**What is drilled by now**

| Page | Coverage |
| - | - |
| \`example\` | 0 of 1 mitigation drilled; by no drill: purge |
`)
  expect(text.trimEnd().split('\n').at(-1)).toBe('**Not proven in this lab: a network; \\*two\\* machines**')
})
