import type { Proof } from './proof.ts'

/** After so many runs in which nobody saw it, an alert is not expected any more. */
const RUNS = 5

type Fired = Pick<Proof, 'alsoFired' | 'alsoFiredBefore'>

/** A drill's proof that keeps which other alerts fired in the runs before it. A run that could not ask for alerts says nothing. */
export function keepAlsoFired(proof: Proof, former: Fired | undefined): Proof {
  const before = former === undefined ? [] : listRuns(former).slice(0, RUNS - 1)
  return before.length === 0 ? proof : { ...proof, alsoFiredBefore: before }
}

/** Those of the expected alerts that fired in none of the last five runs; none while there were fewer. */
export function findUnseen(expected: readonly string[], proof: Fired): readonly string[] {
  const runs = listRuns(proof).slice(0, RUNS)
  return runs.length < RUNS ? [] : expected.filter(alert => runs.every(fired => !fired.includes(alert)))
}

function listRuns({ alsoFired, alsoFiredBefore = [] }: Fired): string[][] {
  return alsoFired === undefined ? alsoFiredBefore : [alsoFired, ...alsoFiredBefore]
}
