import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'

const packages = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})

it('every direct dependency has a row that says what it is for, and every row is a dependency', () => {
  const { dependencies, devDependencies } = packages.parse(JSON.parse(readFileSync('package.json', 'utf8')))
  const page = readFileSync('docs/contributing/dependencies.md', 'utf8')
  const [, used = '', developed = ''] = page.split(/^## .*$/m)
  expect(listRows(used)).toEqual(Object.keys(dependencies).sort())
  expect(listRows(developed)).toEqual(Object.keys(devDependencies).sort())
})

function listRows(section: string): string[] {
  return [...section.matchAll(/^\| `([^`]+)` \| (\S.*) \|$/gm)].map(([, name = '']) => name).sort()
}
