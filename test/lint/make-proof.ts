import type { Proof } from '../../src/journal/index.ts'

/** A proof that a drill might have left. */
export function makeProof(given: Partial<Proof>): Proof {
  return {
    id: 'example--storage-filling',
    procedure: 'example',
    proven: true,
    fault: 'storage-filling',
    environment: 'lab',
    timeScale: 60,
    signal: 'alertmanager',
    alert: 'ExampleAlert',
    run: '20261101-1',
    outcome: 'healed',
    steps: { run: ['usage', 'purge', 'room'], notRun: [] },
    control: 'ruled-out',
    contentHash: '',
    commit: '0000000',
    date: '2026-11-01T12:00:00Z',
    secondsToFire: 10,
    secondsToHeal: 5,
    secondsToClear: 2,
    workload: { name: 'orders', acknowledged: 150, lost: 0, counts: { shipped: 150 } },
    ...given,
  }
}
