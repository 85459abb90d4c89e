import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { migrations } from '../../src/bridge/database/migrations.ts'

test('the page about a slow database knows every index that this release creates', () => {
  const page = readFileSync('runbooks/database-slow.md', 'utf8')
  const created = migrations.flatMap(({ sql }) =>
    [...sql.matchAll(/create index (\w+) on ([^;]+);/g)].map(([, name, on = '']) => [name, on] as const),
  )
  expect(created.length).toBeGreaterThanOrEqual(4)
  for (const [name, on] of created) {
    expect(page).toMatch(new RegExp(`'upload_bridge\\.${name}':`))
    expect(page).toContain(on)
  }
})
