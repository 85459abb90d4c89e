import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { breakages } from '../../src/lab/breakages/index.ts'
import { faults } from '../../src/lab/incidents/index.ts'
import { workspaceBreakages } from '../../src/prove/workspace/breakages/index.ts'

it.each([
  ['src/lab/breakages', breakages],
  ['src/prove/workspace/breakages', workspaceBreakages],
])(
  'each file in %s is named after what it breaks, and nothing else lies there, for the site reads the names of the files',
  (folder, listed) => {
    const files = readdirSync(folder).filter(name => name !== 'index.ts')
    expect(files.sort()).toEqual(listed.map(({ name }) => `${name}.ts`).sort())
  },
)

it('each folder in src/lab/incidents is named after its fault', () => {
  const folders = readdirSync('src/lab/incidents').filter(name => name !== 'index.ts')
  expect(folders.sort()).toEqual(faults.map(({ name }) => name).sort())
  for (const folder of folders) expect(readdirSync(`src/lab/incidents/${folder}`)).toContain('fault.ts')
})
