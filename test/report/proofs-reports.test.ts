import { expect, it } from 'vitest'
import { formatProofsJunit, formatProofsMarkdown } from '../../src/report/index.ts'
import { makeProof } from '../lint/make-proof.ts'

const PROOFS = [
  makeProof({}),
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

| Drill | Alert | Fired | Healed | Cleared | Lost | Result |
| - | - | - | - | - | - | - |
| \`example--storage-filling\` | ExampleAlert | 10 s | 5 s | 2 s | 0 of 150 orders | proven |
| \`example--downstream-down\` | ExampleAlert | 10 s | 5 s | not seen | 0 of 150 orders | not proven: ExampleAlert never cleared |
`)
})

it('a drill that escalated healed nothing, as it was meant to', () => {
  const escalated = makeProof({
    outcome: 'inconclusive',
    escalated: 'usage',
    secondsToHeal: null,
    secondsToClear: null,
  })
  expect(formatProofsMarkdown([escalated])).toContain('| 10 s | no: escalated | no | 0 of 150 orders | proven |')
})

it('what no drill counted, and a report of no drills, are said as such', () => {
  const { workload: _, ...uncounted } = makeProof({})
  expect(formatProofsMarkdown([uncounted])).toContain('nothing was counted: what was lost is unknown')
  expect(formatProofsJunit([])).toContain('tests="1" failures="0" errors="0" skipped="1"')
})
