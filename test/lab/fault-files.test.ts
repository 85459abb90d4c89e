import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'
import { listFaults } from '../../src/lab/content/fault-files.ts'
import { faults } from '../../src/lab/incidents/index.ts'
import { mutations } from '../../src/lab/mutations/index.ts'
import { workspaceMutations } from '../../src/lab/workspace/mutations/index.ts'

const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort()

it('reads from the sources, without executing them, what can be broken', () => {
  const listed = listFaults(process.cwd())
  const ofKind = (kind: string) => namesOf(listed.filter(fault => fault.kind === kind))
  expect(ofKind('incident')).toEqual(namesOf(faults))
  expect(ofKind('mutation')).toEqual(namesOf(mutations))
  expect(ofKind('workspace-mutation')).toEqual(namesOf(workspaceMutations))
})

it('knows an incident by its folder alone, and a file of mutations by its exports', async () => {
  const root = await copySources()
  const folder = join(root, 'src/lab/incidents/clock-wrong')
  await mkdir(folder)
  await writeFile(join(folder, 'half.ts'), 'export const half = 0.5\n')
  await writeFile(
    join(folder, 'fault.ts'),
    "import type { Fault } from '../../kit/fault.ts'\nexport const clockWrong: Fault = { name: 'clock-wrong' }\n",
  )
  await writeFile(join(root, 'src/lab/mutations/clock.ts'), "export const lateClock = () => ({ name: 'late-clock' })\n")
  const check = await write(root, '--check')
  expect(check).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('src/lab/incidents/index.ts') })
  expect((await write(root)).exitCode).toBe(0)
  expect((await write(root, '--check')).exitCode).toBe(0)
  const incidents = await readFile(join(root, 'src/lab/incidents/index.ts'), 'utf8')
  expect(incidents).toContain("import { clockWrong } from './clock-wrong/fault.ts'")
  expect(incidents).toMatch(/faults: readonly Fault\[\] = \[[^\]]*\bclockWrong\b/)
  expect(await readFile(join(root, 'src/lab/mutations/index.ts'), 'utf8')).toContain("from './clock.ts'")
  const names = namesOf(listFaults(root))
  expect(names).toEqual(expect.arrayContaining(['clock-wrong', 'late-clock']))
  expect(names).not.toContain('half')
})

it('demands that an incident exports its fault under the name of its folder', async () => {
  const root = await copySources()
  await mkdir(join(root, 'src/lab/incidents/clock-wrong'))
  await writeFile(join(root, 'src/lab/incidents/clock-wrong/fault.ts'), 'export const fault = {}\n')
  const { exitCode, stderr } = await write(root)
  expect(exitCode).not.toBe(0)
  expect(stderr).toContain('must export the fault clock-wrong as clockWrong')
})

async function copySources(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'handbook-indexes-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const folder of ['src/lab/incidents', 'src/lab/mutations', 'src/lab/workspace/mutations'])
    await cp(folder, join(root, folder), { recursive: true })
  return root
}

function write(root: string, ...args: readonly string[]) {
  return execa('node', [resolve('scripts/write-indexes.mjs'), ...args], { cwd: root, reject: false })
}
