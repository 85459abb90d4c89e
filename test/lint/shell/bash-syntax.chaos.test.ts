import { it } from 'vitest'
import { expectAloneAsTogether, HALVES } from './halves.ts'

it('finds in each pair of halves, and in many scripts that are tried together, what it finds in each alone', async () => {
  const pairs = HALVES.flatMap(first => HALVES.map((second): [string[]] => [[first, second]]))
  await expectAloneAsTogether({ numRuns: 1500, examples: pairs })
}, 1_200_000)
