import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FOLDERS, listTests, PROJECTS, projectOf, SUITES } from './projects.ts'

test.each([
  ['base/words.test.ts', 'unit'],
  ['bridge/uploads.test.ts', 'process'],
  ['bridge/storage/upload-name.test.ts', 'unit'],
  ['bridge/storage/upload-name.process.test.ts', 'process'],
  ['alerts/clients.process.test.ts', 'process'],
  ['lab/sink.unit.test.ts', 'unit'],
  ['procedure/fences.property.test.ts', 'process'],
  ['cli/kill.chaos.test.ts', 'chaos'],
  ['base/a.b.test.ts', 'unit'],
  ['nowhere/words.test.ts', undefined],
  ['words.test.ts', undefined],
  ['words.unit.test.ts', 'unit'],
])('the project of %s is %s', (path, project) => expect(projectOf(path)).toBe(project))

test('every test of this repository belongs to one project, and every folder of the table is one', () => {
  const all = [...PROJECTS, ...SUITES].flatMap(project => listTests(project))
  expect(all).toContain('test/environment/projects.test.ts')
  expect(new Set(all).size).toBe(all.length)
  const known = Object.keys(FOLDERS).filter(
    folder => existsSync(join('test', folder)) || existsSync(join('src', folder)),
  )
  expect(known).toEqual(Object.keys(FOLDERS))
})

test('a test that belongs to no project is refused, by its name', () => {
  const root = mkdtempSync(join(tmpdir(), 'handbook-tests-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const path of ['base/a.test.ts', 'nowhere/b.test.ts']) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
  }
  expect(() => listTests('unit', root)).toThrow(/nowhere\/b\.test\.ts belongs to no project: name its folder/)
})
