import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SHELL_VERBS } from '../../src/procedure/index.ts'

it('knows the verbs that hb has, each with its usage', () => {
  const script = readFileSync('src/execute/local/hb', 'utf8')
  const verbs = [...script.matchAll(/^ {2}([a-z-]+)\)/gm)].map(([, verb]) => verb)
  expect(Object.keys(SHELL_VERBS).sort()).toEqual(verbs.sort())
  for (const [verb, { words }] of Object.entries(SHELL_VERBS))
    expect(script).toContain(`hb ${verb} ${words.replace(/ start\|.*/, '')}`)
})
