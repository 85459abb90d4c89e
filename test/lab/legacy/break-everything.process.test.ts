import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defectiveRelease } from '../../../src/lab/kit/defective-release.ts'
import { editedConfiguration } from '../../../src/lab/kit/edited-configuration.ts'
import type { Deployment, Fault } from '../../../src/lab/kit/fault.ts'
import { AFTER, FIRST, LAST, LEFT_OUT } from '../../../src/lab/legacy/legacy-plan.ts'
import { breakEverything } from '../../../src/lab/legacy/make-legacy.ts'
import { mutations } from '../../../src/lab/mutations/index.ts'
import { workspaceMutations } from '../../../src/lab/workspace/mutations/index.ts'

let folder: string
let did: string[]
beforeEach(() => {
  did = []
  folder = mkdtempSync(join(tmpdir(), 'legacy-'))
  mkdirSync(join(folder, 'releases/1.4.2'), { recursive: true })
  mkdirSync(join(folder, 'notes'))
  symlinkSync('1.4.2', join(folder, 'releases/current'))
  for (const program of ['api', 'worker', 'bridgectl'])
    writeFileSync(join(folder, `releases/1.4.2/${program}.cjs`), `console.log('${program}')\n`)
  writeFileSync(join(folder, 'upload-bridge.yaml'), 'log:\n  level: info\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A deployment of tiny programs, as far as these mutations look at it. */
const deployment = () =>
  ({
    releasesPath: join(folder, 'releases'),
    notesPath: join(folder, 'notes'),
    configPath: join(folder, 'upload-bridge.yaml'),
    signal: new AbortController().signal,
    bridgectl: async (...words: readonly string[]) => void did.push(words.join(' ')),
    restart: async (service: string) => void did.push(`restart ${service}`),
  }) as unknown as Deployment

const release = (name: string, programs: readonly ('api' | 'bridgectl')[] = ['api']) =>
  defectiveRelease({
    ...{ name, title: name, summary: name, programs },
    code: `const said = '${name}'\nconsole.log(said)`,
  })
const run = (program: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [join(folder, 'releases/1.4.3', `${program}.cjs`), ...args], { encoding: 'utf8' })
    .trim()
    .split('\n')

test('all defective releases are one release, which is deployed once, with what was edited', async () => {
  const edited = editedConfiguration({ ...named('quieter'), set: { 'log.level': 'warn' } })
  const also = editedConfiguration({ ...named('longer'), set: { 'log.keep': 3 } })
  const all = [release('one'), edited, release('plain-health'), release('two', ['api', 'bridgectl']), also]
  expect(await breakEverything(deployment(), all)).toEqual({
    made: ['longer', 'one', 'plain-health', 'quieter', 'two'],
    leftOut: LEFT_OUT,
  })
  // The names in one defect are not seen by another, and plain-health comes last, wherever it is listed.
  expect(run('api')).toEqual(['one', 'two', 'plain-health', 'api'])
  expect(run('bridgectl')).toEqual(['two', 'bridgectl'])
  expect(run('worker')).toEqual(['worker'])
  expect(run('api', 'inspect-archive')).toEqual(['api'])
  expect(readFileSync(join(folder, 'upload-bridge.yaml'), 'utf8')).toBe('log:\n  level: warn\n  keep: 3\n')
  expect(did).toEqual(['releases activate 1.4.3', 'restart api', 'restart worker'])
})

test('what cannot be made beside the others is left out, with the reason', async () => {
  const fault = (name: string, start: () => Promise<void>): Fault => ({
    ...named(name),
    start,
    stop: async () => undefined,
    isActive: () => false,
  })
  const impossible = fault('impossible', () => Promise.reject(new Error('there is nothing to edit')))
  const undone = fault('undone', async () => undefined)
  const all = [impossible, undone, release('quiet-logs'), release('one')]
  expect(await breakEverything(deployment(), all)).toEqual({
    made: ['one'],
    leftOut: {
      ...LEFT_OUT,
      impossible: 'there is nothing to edit',
      undone: 'beside the others it changes nothing',
    },
  })
  expect(run('api')).toEqual(['one', 'api'])
})

test('what the plan names are mutations, and only these', () => {
  const known = [...mutations, ...workspaceMutations].map(({ name }) => name)
  expect([...Object.keys(LEFT_OUT), ...FIRST, ...LAST, ...AFTER].filter(name => !known.includes(name))).toEqual([])
})

function named(name: string): Pick<Fault, 'name' | 'title' | 'summary'> {
  return { name, title: name, summary: name }
}
