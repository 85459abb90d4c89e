import { expect, test } from 'vitest'
import { expectedAlert } from '../../src/lint/rules/drills.ts'
import { parsePage } from '../../src/procedure/index.ts'
import { makeProof } from './make-proof.ts'

const TEXT = `---
title: T
alerts: [A]
drills:
  - { fault: storage-filling, expect: [purge], expectAlso: [B, C] }
---

## Diagnose

### One

\`\`\`bash
true
\`\`\`
`

const check = async (runs: readonly (readonly string[])[], path = 'runbooks/example.md') => {
  const { procedure, matter } = parsePage(TEXT, path)
  const page = { path, text: TEXT, procedure, placeOf: (...keys: (string | number)[]) => matter.placeOf(keys) }
  const [alsoFired, ...before] = runs.map(run => [...run])
  const proofs = alsoFired ? [makeProof({ alsoFired, alsoFiredBefore: before })] : []
  const facts = { alerts: ['A', 'B', 'C'], proofs }
  const found = await expectedAlert.checkReferences?.(page as never, facts as never)
  return found?.map(({ line, message }) => `${line} ${message}`)
}

test('an alert that a drill expects, too, is an error once five runs did not see it', async () => {
  expect(await check([])).toEqual([])
  expect(await check([['B'], [], [], []])).toEqual([])
  expect(await check([['B'], [], [], [], []])).toEqual(['5 C fired in none of the last five runs of this drill'])
  expect(await check([['B'], [], ['C'], [], []])).toEqual([])
})

test('the runs of another page say nothing of it', async () => {
  expect(await check([[], [], [], [], []], 'runbooks/other.md')).toEqual([])
})
