import { type Proof, proofSchema } from '../../src/journal/index.ts'

/** A proof as a drill writes it, for tests. */
export function proof(given: Partial<Proof>): Proof {
  return proofSchema.parse({
    id: 'p--f',
    procedure: 'p',
    proven: true,
    fault: 'f',
    environment: 'lab',
    timeScale: 60,
    signal: 'alertmanager',
    run: 'r',
    outcome: 'healed',
    steps: { run: [], notRun: [] },
    control: 'ruled-out',
    contentHash: 'abc',
    commit: 'c',
    date: '2026-11-22',
    secondsToFire: 1,
    secondsToHeal: 2,
    secondsToClear: 3,
    ...given,
  })
}
