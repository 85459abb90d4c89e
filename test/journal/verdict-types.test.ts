import { expect, test } from 'vitest'
import { SENTENCES, type Verdict } from '../../src/journal/index.ts'

const alerts = { asked: 'none-fires', alerts: ['A'] } as const
const basis = { mitigated: ['fix'], verified: ['ok'] } as const

/** Sentences and endings without what they stand on. Each line is one that must not compile: `npm run types` sees to that. */
function neverCompiles(): unknown[] {
  return [
    // @ts-expect-error healed without what was asked about alerts
    SENTENCES.healed({ basis }),
    // @ts-expect-error healed without a Verify step that passed
    SENTENCES.healed({ basis: { mitigated: ['fix'], verified: [] }, alerts }),
    // @ts-expect-error healed without a mitigation
    SENTENCES.healed({ basis: { verified: ['ok'] }, alerts }),
    // @ts-expect-error ruled out by no step
    SENTENCES['ruled-out']({ basis: { ruledOut: [], silent: [] }, alerts }),
    // @ts-expect-error ruled out while an alert fires
    SENTENCES['ruled-out']({ basis: { ruledOut: ['a'], silent: [] }, alerts: { asked: 'fires', firing: [] } }),
    // @ts-expect-error ruled out while nobody answers
    SENTENCES['ruled-out']({ basis: { ruledOut: ['a'], silent: [] }, alerts: { asked: 'no-answer', why: 'x' } }),
    // @ts-expect-error passed by no step, and no reason
    SENTENCES.passed({ basis: { passed: [], skipped: [] } }),
    // @ts-expect-error inconclusive without a reason
    SENTENCES.inconclusive({}),
    // @ts-expect-error an outcome alone is no ending
    { outcome: 'healed' } satisfies Verdict,
    // @ts-expect-error one without its alerts neither
    { outcome: 'healed', basis } satisfies Verdict,
    // @ts-expect-error nor one that stands on what another outcome stands on
    { outcome: 'ruled-out', basis, alerts } satisfies Verdict,
  ]
}

test('a sentence whose evidence is there compiles, and says it', () => {
  expect(neverCompiles).toBeTypeOf('function')
  expect(SENTENCES.healed({ basis, alerts })).toBe(
    'A mitigation was taken (#fix), and Verify passed (#ok). At its end no alert of this page fires.',
  )
  expect(SENTENCES.passed({ basis: { passed: ['a'], skipped: ['b'] } })).toBe('1 step passed: #a; skipped: #b.')
})
