import { expect, test } from 'vitest'
import { type PracticeMoments, scorePractice } from '../../../src/drill/practice/score-practice.ts'
import { foldRun, type RunEvent, type RunFact } from '../../../src/journal/index.ts'

type Started = Extract<RunFact, { type: 'run.started' }>

const BROKEN = Date.parse('2026-11-30T12:00:00.000Z')
const at = (seconds: number) => BROKEN + seconds * 1000
const CURES = [
  { page: { id: 'full', title: 'It is full' }, drill: { fault: 'filling', expect: ['purge'] } },
  { page: { id: 'slow', title: 'It is slow' }, drill: { fault: 'filling', expect: ['look', 'restart'] } },
]

/** A run that was recorded, begun so many seconds after the lab was broken, in which these mitigations were begun. */
function record(procedure: string, seconds: number, steps: readonly string[] = [], more: Partial<Started> = {}) {
  const facts: RunFact[] = [
    {
      type: 'run.started',
      procedure,
      path: `${procedure}.md`,
      title: procedure,
      environment: 'lab',
      target: {},
      params: {},
      contentHash: 'c0ffee',
      by: { user: 'u', host: 'h', pid: 1 },
      mode: 'interactive',
      kind: 'runbook',
      steps: [
        { id: 'usage', title: 'Usage', phase: 'diagnose', risk: 'read' },
        { id: 'look', title: 'Look', phase: 'mitigate', risk: 'read' },
        { id: 'purge', title: 'Purge', phase: 'mitigate', risk: 'danger' },
        { id: 'restart', title: 'Restart', phase: 'mitigate', risk: 'change' },
        { id: 'undo', title: 'Undo', phase: 'roll-back', risk: 'change' },
      ],
      ...more,
    },
    ...steps.map((step): RunFact => {
      const [phase, risk] = step === 'undo' ? ['roll-back', 'change' as const] : ['mitigate', 'change' as const]
      return { type: 'step.started', step, title: step, phase, risk, attempt: 1, blockHash: '' }
    }),
  ]
  const time = new Date(at(seconds)).toISOString()
  const run = `${procedure}-${seconds}`
  return foldRun(facts.map((fact, index): RunEvent => ({ seq: index + 1, time, run, ...fact })))
}

const score = (moments: Omit<PracticeMoments, 'broken'>, ...runs: ReturnType<typeof record>[]) =>
  scorePractice({ cures: CURES }, { broken: BROKEN, ...moments }, runs)

test('the times are counted from the alert, to the first run of a page that a drill names', () => {
  // Runs are listed newest first.
  const runs = [record('slow', 60), record('full', 42, ['purge'])]
  expect(score({ fired: at(12), healed: at(84.3) }, ...runs)).toEqual({
    secondsToFire: 12,
    secondsToPage: 30,
    secondsToHeal: 72.3,
    wrongPages: [],
    wrongMitigations: [],
    runs: ['full-42', 'slow-60'],
  })
})

test('without an alert they are counted from the fault; what did not happen has no time', () => {
  expect(score({}, record('full', 20))).toMatchObject({ secondsToFire: null, secondsToPage: 20, secondsToHeal: null })
  expect(score({ fired: at(5) })).toMatchObject({
    secondsToFire: 5,
    secondsToPage: null,
    secondsToHeal: null,
    runs: [],
  })
})

test('whoever begins before the alert fires needs no time', () => {
  expect(score({ fired: at(12) }, record('full', 3))).toMatchObject({ secondsToPage: 0 })
})

test('other runbooks are wrong, each once; a guide is not', () => {
  const runs = [record('down', 9), record('down', 8), record('full', 7), record('daily', 6, [], { kind: 'guide' })]
  expect(score({}, ...runs)).toMatchObject({ wrongPages: ['down'], secondsToPage: 7 })
})

test.each<[string, string, readonly string[], readonly string[]]>([
  ['of another page is wrong', 'down', ['purge', 'restart'], ['down#purge', 'down#restart']],
  ['that the drill does not expect is wrong', 'full', ['purge', 'restart'], ['full#restart']],
  ['that only reads changes nothing', 'full', ['look', 'purge'], []],
  ['that the page’s own drill expects is right', 'slow', ['look', 'restart'], []],
  ['is not what rolls it back', 'full', ['purge', 'undo'], []],
])('a mitigation %s', (_, procedure, steps, wrong) => {
  expect(score({}, record(procedure, 5, steps)).wrongMitigations).toEqual(wrong)
})

test('a look that a server takes by itself is nobody’s, and neither is a roll-back a page', () => {
  const runs = [record('full', 1, [], { unasked: true }), record('down', 2, ['undo'], { rollsBack: 'full-1' })]
  expect(score({}, ...runs)).toMatchObject({ secondsToPage: null, wrongPages: [], wrongMitigations: [], runs: [] })
})
