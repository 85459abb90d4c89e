import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listFaults } from '../../src/lab/content/fault-files.ts'
import { hasLabSources, readKeptContent } from '../../src/lab/content/read-lab-content.ts'
import { copySources } from './copy-sources.ts'

const { root, memory, known, read, edit, changed } = copySources()

describe('the content behind proofs', () => {
  it('is known of all that can be broken, of the workload and of what is shipped, and remembered', async () => {
    expect(known().problems).toEqual([])
    expect(Object.keys(known().faults)).toEqual(listFaults(root()).map(({ name }) => name))
    for (const { hash } of Object.values(known().faults)) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(Object.values(known().faults).map(({ hash }) => hash)).size).toBe(listFaults(root()).length)
    expect(known().faults['lint-off']).toMatchObject({ deployed: false })
    expect(await readKeptContent(memory())).toEqual(known())
    await writeFile(memory(), (await readFile(memory(), 'utf8')).replace(String(known().workload), 'remembered'))
    expect(await read()).toEqual({ ...known(), workload: 'remembered' })
  })

  it('does not change with comments, types, layout, and files of which it executes nothing', async () => {
    await appendFile(join(root(), 'src/lab/kit/defective-release.ts'), '\n\n// A word.\nexport type Unused = string\n')
    await edit('src/lab/lifecycle/progress.ts', text => `${text}\nexport const later = Math.random()\n`)
    await edit('src/lab/kit/fault.ts', text =>
      text.replace('interface Fault {', 'interface Fault {\n  readonly more?: string'),
    )
    expect(await read()).toEqual(known())
  })

  it('does not depend on a tsconfig.json beside it', async () => {
    await writeFile(join(root(), 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true } }))
    await rm(memory())
    expect(await read()).toEqual(known())
  })

  it('changes with a mutation, and with none beside it in its file', async () => {
    const ofDeployment = listFaults(root()).filter(({ kind }) => kind !== 'incident')
    const last = ofDeployment.filter(({ path }, at) => path !== ofDeployment[at + 1]?.path)
    for (const { name, path } of last) await edit(path, text => text.replace(`'${name}'`, `'${name} '`))
    expect(changed(await read())).toEqual(last.map(({ name }) => name))
  })

  it('is nothing where there are no sources of a lab', async () => {
    expect(hasLabSources(root())).toBe(true)
    await rm(join(root(), 'src'), { recursive: true })
    expect(hasLabSources(root())).toBe(false)
    expect(listFaults(root())).toEqual([])
    expect(await readKeptContent(join(root(), 'no-such.json'))).toBeUndefined()
  })
})
