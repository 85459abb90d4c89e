import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from 'vitest'
import type { LabContent } from '../../src/journal/index.ts'
import { listFaults } from '../../src/lab/content/fault-files.ts'
import { readLabContent } from '../../src/lab/content/read-lab-content.ts'

/** Sources of a lab, copied for each test of a file, and what was behind its proofs before the test changed them. */
export function copySources() {
  let sources = ''
  let root = ''
  let before: LabContent | undefined

  beforeAll(async () => {
    sources = await mkdtemp(join(tmpdir(), 'handbook-content-'))
    for (const path of ['src', 'static/deployment', 'static/configuration'])
      await cp(path, join(sources, path), { recursive: true })
    before = await readLabContent(sources, { read: [], write: join(sources, 'memory.json') })
  })

  afterAll(() => rm(sources, { recursive: true, force: true }))

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'handbook-content-'))
    onTestFinished(() => rm(root, { recursive: true, force: true }))
    await cp(sources, root, { recursive: true })
  })

  const memory = () => join(root, 'memory.json')
  const known = () => {
    if (before === undefined) throw new Error('the sources were not read yet')
    return before
  }
  return {
    root: () => root,
    memory,
    known,
    read: () => readLabContent(root, { read: [memory()], write: memory() }),
    async edit(path: string, change: (text: string) => string) {
      const text = await readFile(join(root, path), 'utf8')
      const changed = change(text)
      expect(changed).not.toBe(text)
      await writeFile(join(root, path), changed)
    },
    /** The names of faults and mutations that are not what they were. */
    changed: ({ faults }: LabContent) =>
      Object.keys(faults).filter(name => faults[name]?.hash !== known().faults[name]?.hash),
    /** Those whose sources name a helper: an incident's whole file, and of a group of mutations its own part. */
    async usersOf(helper: RegExp): Promise<string[]> {
      const users = await Promise.all(
        listFaults(root).map(async ({ name, path, variable }) => {
          const text = await readFile(join(root, path), 'utf8')
          const [own = ''] =
            new RegExp(`^export const ${variable}\\b[^]*?(?=^(?:export|/\\*\\*|function|async)|$(?![^]))`, 'm').exec(
              text,
            ) ?? []
          return helper.test(path.includes('/incidents/') ? text : own) ? [name] : []
        }),
      )
      return users.flat()
    },
  }
}
