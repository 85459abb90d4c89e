import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runDrill } from '../../src/drill/index.ts'
import { createFileStore } from '../../src/journal/index.ts'
import { lab } from '../../src/lab/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

test.each([
  ['gone', { fault: 'gone' }],
  ['constructor', { fault: 'constructor' }],
  ['__proto__', { fault: '__proto__' }],
  ['', { fault: '' }],
  ['gone', { fault: 'storage-filling', with: 'gone' }],
])('a drill of the fault “%s” starts nothing: %j', async (fault, faults) => {
  const directory = join(tmpdir(), `handbook-no-drill-${process.pid}`)
  const told: unknown[] = []
  const drilling = runDrill(
    {
      id: 'page--fault',
      procedure: parseProcedure('## Diagnose\n### a\n```bash\ntrue\n```\n', 'page.md'),
      drill: { ...faults, expect: [] },
      standsOn: { page: 'a', fault: 'b', shipped: 'c' },
      suggestions: [],
    },
    {
      root: directory,
      lab,
      bundles: directory,
      store: createFileStore(directory),
      rules: directory,
      directory,
      timeScale: 60,
      commit: 'c',
      env: {},
      by: { user: 'a', host: 'b', pid: 1 },
      signal: new AbortController().signal,
    },
    progress => told.push(progress),
  )
  await expect(drilling).rejects.toThrow(`no fault ${fault}`)
  expect(told).toEqual([])
  expect(existsSync(directory)).toBe(false)
})
