import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { LabContent } from '../../src/journal/index.ts'
import { listFaults } from '../../src/lab/content/fault-files.ts'
import { hasLabSources, readKeptContent, readLabContent } from '../../src/lab/content/read-lab-content.ts'

let sources: string
let root: string
let memory: string
let before: LabContent

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
  memory = join(root, 'memory.json')
  await cp(sources, root, { recursive: true })
})

const read = () => readLabContent(root, { read: [memory], write: memory })
const edit = async (path: string, change: (text: string) => string) => {
  const text = await readFile(join(root, path), 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(join(root, path), changed)
}
/** The names of faults and mutations that are not what they were. */
const changed = ({ faults }: LabContent) =>
  Object.keys(faults).filter(name => faults[name]?.hash !== before.faults[name]?.hash)

/** Those whose sources, the group that they stand in aside, name a helper. */
async function usersOf(helper: RegExp): Promise<string[]> {
  const users = await Promise.all(
    listFaults(root).map(async ({ name, path, variable }) => {
      const text = await readFile(join(root, path), 'utf8')
      const [own = ''] =
        new RegExp(`^export const ${variable}\\b[^]*?(?=^(?:export|/\\*\\*|function|async)|$(?![^]))`, 'm').exec(
          text,
        ) ?? []
      return helper.test(own) ? [name] : []
    }),
  )
  return users.flat()
}

describe('the content behind proofs', () => {
  it('is known of all that can be broken, of the workload and of what is shipped, and remembered', async () => {
    expect(before.problems).toEqual([])
    expect(Object.keys(before.faults)).toEqual(listFaults(root).map(({ name }) => name))
    for (const { hash } of Object.values(before.faults)) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(Object.values(before.faults).map(({ hash }) => hash)).size).toBe(listFaults(root).length)
    expect(before.faults['lint-off']).toMatchObject({ deployed: false })
    expect(await readKeptContent(memory)).toEqual(before)
    await writeFile(memory, (await readFile(memory, 'utf8')).replace(String(before.workload), 'remembered'))
    expect(await read()).toEqual({ ...before, workload: 'remembered' })
  })

  it('does not change with comments, types, layout, and files of which it executes nothing', async () => {
    await appendFile(join(root, 'src/lab/kit/defective-release.ts'), '\n\n// A word.\nexport type Unused = string\n')
    await edit('src/lab/lifecycle/progress.ts', text => `${text}\nexport const later = Math.random()\n`)
    await edit('src/lab/kit/fault.ts', text =>
      text.replace('interface Fault {', 'interface Fault {\n  readonly more?: string'),
    )
    expect(await read()).toEqual(before)
  })

  it.each([
    ['src/lab/kit/defective-release.ts', "'use strict'", /\bdefectiveRelease\(/],
    ['src/lab/kit/edited-configuration.ts', 'stringify(configuration)', /\beditedConfiguration\(/],
    ['src/lab/deployment/releases.ts', 'VERSION', /\b(?:defectiveRelease|readLink)\(/],
    ['src/lab/kit/abandon-upload.ts', 'video-recording', /\babandonUpload\(/],
    ['src/lab/workspace/workspace-edits.ts', "'true'", /\b(?:editedWorkspaceFile|emptyScript|replaceInFile)\(/],
  ])('changes with %s (%s) of exactly those that execute it', async (path, text, users) => {
    await edit(path, source => source.replace(text, `${text.slice(0, -1)}X${text.slice(-1)}`))
    const now = await read()
    expect(changed(now)).toEqual(await usersOf(users))
    expect(changed(now)).not.toEqual([])
    expect(now).toMatchObject({ workload: before.workload, shipped: before.shipped })
  })

  it('changes with a mutation, and with none beside it in its file', async () => {
    const ofDeployment = listFaults(root).filter(({ kind }) => kind !== 'incident')
    const last = ofDeployment.filter(({ path }, at) => path !== ofDeployment[at + 1]?.path)
    for (const { name, path } of last) await edit(path, text => text.replace(`'${name}'`, `'${name} '`))
    expect(changed(await read())).toEqual(last.map(({ name }) => name))
  })

  it('changes with the workload, and with what is shipped: the service, its units, its configuration, the profile', async () => {
    await edit('src/lab/workload/traffic.ts', text => text.replace('const CLIENTS = 3', 'const CLIENTS = 4'))
    const busier = await read()
    expect(busier).toEqual({ ...before, workload: expect.not.stringMatching(`^${before.workload}$`) })
    let { shipped } = busier
    const paths = ['static/deployment/upload-bridge-api.service', 'static/configuration/base.yaml']
    const edits = [
      () => edit('src/lab/deployment/bridge-config.ts', text => text.replace('concurrency: 4', 'concurrency: 5')),
      () => edit('src/bridge/worker.entry.ts', text => `${text}\nprocess.title = 'worker'\n`),
      ...paths.map(path => () => appendFile(join(root, path), '\n# A word\n')),
      ...paths.map(path => () => rm(join(root, path))),
    ]
    for (const change of edits) {
      await change()
      const now = await read()
      expect(now).toEqual({ ...busier, shipped: expect.not.stringMatching(`^${shipped}$`) })
      shipped = now.shipped
    }
  })

  it('changes of exactly the users of a file that was emptied', async () => {
    const users = await usersOf(/\bdefectiveRelease\(/)
    await writeFile(join(root, 'src/lab/kit/defective-release.ts'), '')
    expect(changed(await read())).toEqual(users)
  })

  it('is no empty text where a file is missing, which is told at its place, and known again when it is back', async () => {
    const path = join(root, 'src/lab/kit/edited-file.ts')
    const text = await readFile(path, 'utf8')
    await rm(path)
    const now = await read()
    expect(now.problems).toContainEqual({
      file: 'src/lab/kit/edited-configuration.ts',
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringContaining('src/lab/kit/edited-file.ts'),
    })
    for (const { message } of now.problems) expect(message).not.toContain(root)
    expect(now.faults).toMatchObject({
      'quiet-logs': { hash: null },
      'bad-deployment': before.faults['bad-deployment'],
    })
    expect(await read()).toEqual(now)
    await writeFile(path, text)
    expect(await read()).toEqual(before)
  })

  it('is nothing where there are no sources of a lab', async () => {
    expect(hasLabSources(root)).toBe(true)
    await rm(join(root, 'src'), { recursive: true })
    expect(hasLabSources(root)).toBe(false)
    expect(listFaults(root)).toEqual([])
    expect(await readKeptContent(join(root, 'no-such.json'))).toBeUndefined()
  })
})
