import type { Practice } from '../../src/journal/index.ts'

/** A practice that went well, but for what is said. */
export function makePractice(more: Partial<Practice>): Practice {
  return {
    date: '2026-11-30T12:00:00.000Z',
    by: 'ann',
    fault: 'filling',
    pages: ['full'],
    alerts: ['ItIsFull'],
    surprise: true,
    outcome: 'healed',
    secondsToFire: 12,
    secondsToPage: 42,
    secondsToHeal: 72.4,
    wrongPages: [],
    wrongMitigations: [],
    felt: { failedShare: 0.124, slowShare: 0.03, longestGapSeconds: 14 },
    workload: { name: 'orders', acknowledged: 126, lost: 0 },
    runs: ['20261130-120042-abcd'],
    ...more,
  }
}
