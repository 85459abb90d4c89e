import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeHb } from '../../scripts/write-hb.mjs'
import { SHELL_VERBS } from '../../src/procedure/index.ts'

const FOLDER = mkdtempSync(join(tmpdir(), 'handbook-hb-'))
const HB = join(FOLDER, 'hb')
beforeAll(() => writeHb(HB))
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

it('has the verbs of the table, each with its usage', () => {
  const script = readFileSync(HB, 'utf8')
  const verbs = [...script.matchAll(/^ {2}([a-z-]+)\)/gm)].map(([, verb]) => verb)
  expect(verbs.toSorted()).toEqual(Object.keys(SHELL_VERBS).sort())
  for (const [verb, { words }] of Object.entries(SHELL_VERBS))
    expect(script).toContain(`hb ${verb} ${words.replace(/ start\|.*/, '')}`)
})

it('is refused with the usage of every verb when it is called wrongly', () => {
  const call = () => execFileSync(HB, ['guess', 'why'], { env: { ...process.env, HB_FOLDER: FOLDER }, stdio: 'pipe' })
  expect(call).toThrow(
    /hb rule-out WHY {12}this cause is not the one; ends the step\n[\s\S]*cannot be called as: hb guess why/,
  )
})
