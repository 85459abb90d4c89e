import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../../src/cli')

test('no command prints JSON in which foreign text could control a terminal', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(30)
  const raw = files.filter(file => /(?:write|print)\(`\$\{JSON\.stringify/.test(readFileSync(join(root, file), 'utf8')))
  expect(raw).toEqual([])
})
