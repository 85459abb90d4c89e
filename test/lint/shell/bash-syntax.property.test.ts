import { expect, it } from 'vitest'
import { findSyntaxErrors } from '../../../src/lint/shell/bash-syntax.ts'
import { expectAloneAsTogether } from './halves.ts'

it('finds in scripts that are tried together what it finds in each alone', async () => {
  await expectAloneAsTogether({ numRuns: 250 })
}, 300_000)

it('tells the same line of a mistake among many scripts', async () => {
  const scripts = Array.from({ length: 200 }, (_, index) =>
    index === 150 ? 'echo one\nif true\necho two' : 'echo "ok"',
  )
  const errors = await findSyntaxErrors(scripts)
  expect(errors.flatMap((error, index) => (error ? [[index, error.line]] : []))).toEqual([[150, 3]])
})
