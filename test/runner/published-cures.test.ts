import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = ['runbooks', 'docs'].flatMap(folder =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name)),
)

test('what undoes a lasting mitigation of a published page brings the trouble back, so it says when it is right', () => {
  const unconditional = PAGES.flatMap(path => {
    const steps = parseProcedure(readFileSync(join(ROOT, path), 'utf8'), path).phases.flatMap(phase => phase.steps)
    return steps
      .filter(({ undoes, when }) => {
        const undone = steps.find(({ id }) => id === undoes)
        return undone?.phase === 'mitigate' && !undone.temporary && when === undefined
      })
      .map(({ id }) => `${path}#${id}`)
  })
  expect(unconditional).toEqual([])
})
