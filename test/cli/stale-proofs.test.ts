import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { readRuleFiles } from '../../src/handbook/index.ts'
import { recordParts } from '../../src/journal/index.ts'
import { readKeptContent } from '../../src/lab/content/index.ts'
import { hashDrill, readTextFrom } from '../../src/lint/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { openHandbook } from '../lint/check-folder.ts'
import { makeProof } from '../lint/make-proof.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', `${handbook.lab}url: https://x.example\nrules: []\n`)
  handbook.write('runbooks/full.md', page('full', 'storage-filling'))
  handbook.write('runbooks/down.md', page('down', 'downstream-down'))
})
afterEach(() => handbook.remove())

/** Copies the lab and what it deploys: from then on the handbook has sources of its own. */
function copySources(): void {
  for (const path of ['src', 'static/deployment', 'static/configuration', 'static/monitoring/alertmanager.yaml'])
    cpSync(path, join(handbook.cwd, path), { recursive: true })
}

function page(id: string, fault: string): string {
  return `---\ntitle: ${id}\nid: ${id}\ndrills: [{ fault: ${fault} }]\n---\n\n## Diagnose\n\n### Look\n\n\`\`\`bash\ndf\n\`\`\`\n`
}

/** Leaves behind what a drill of now would. */
async function prove(id: string, fault: string): Promise<void> {
  const root = handbook.cwd
  const facts = { readText: readTextFrom(root), rules: await readRuleFiles(await openHandbook(root)) }
  const path = `runbooks/${id}.md`
  const procedure = parseProcedure(readFileSync(join(root, path), 'utf8'), path)
  const standsOn = await hashDrill(
    procedure,
    { fault },
    { ...facts, lab: await readKeptContent('dist/lab-content.json') },
  )
  const proof = makeProof({ id: `${id}--${fault}`, procedure: id, fault, ...recordParts(standsOn) })
  handbook.write(`static/proofs/${proof.id}.json`, JSON.stringify(proof))
}

async function stale(...args: readonly string[]): Promise<{ exitCode: number | undefined; said: string[] }> {
  const { stdout, exitCode } = await handbook.run('check', '--json', ...args)
  const { problems }: { problems: Problem[] } = JSON.parse(stdout)
  const said = problems.filter(({ rule }) => rule === 'proof-current' || rule === 'proof-sources')
  return { exitCode, said: said.map(({ severity, file, message }) => `${severity} ${file}: ${message}`) }
}

test('what a drill proved holds in any handbook until something of it changes, and the part that did is told', async () => {
  await prove('full', 'storage-filling')
  await prove('down', 'downstream-down')
  expect((await stale()).said).toEqual([])
  copySources()
  expect((await stale()).said).toEqual([])
  appendFileSync(join(handbook.cwd, 'src/lab/control/control-client.ts'), '\nexport const unrelated = 1\n')
  expect((await stale()).said).toEqual([])

  const helper = join(handbook.cwd, 'src/lab/kit/abandon-upload.ts')
  writeFileSync(helper, readFileSync(helper, 'utf8').replace('video-recording', 'recording'))
  expect((await stale()).said).toEqual([
    expect.stringMatching(/^warning runbooks\/full\.md: .* has changed since .*: the fault or the workload$/),
  ])
  expect((await stale('runbooks/down.md')).said).toEqual([])
  appendFileSync(join(handbook.cwd, 'static/configuration/base.yaml'), '\n# More\n')
  handbook.write('runbooks/down.md', `${page('down', 'downstream-down')}\nMore.\n`)
  expect((await stale()).said).toEqual([
    expect.stringMatching(/down\.md: .*: the page, .*; the service, its units or its configuration$/),
    expect.stringMatching(/full\.md: .*: the fault or the workload; the service, its units or its configuration$/),
  ])
}, 120_000)

test('a source that is missing is an error at its place, and nothing can be proven with it', async () => {
  copySources()
  rmSync(join(handbook.cwd, 'src/lab/kit/abandon-upload.ts'))
  const { exitCode, said } = await stale()
  expect(exitCode).toBe(1)
  expect(said).toContainEqual(
    expect.stringMatching(
      /^error src\/lab\/incidents\/storage-filling\/fault\.ts: .*src\/lab\/kit\/abandon-upload\.ts/,
    ),
  )
  const drilled = await handbook.run('drill', 'full')
  expect(drilled).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('abandon-upload.ts') })
}, 120_000)

test('bundles that are not of the sources as they are prove nothing', async () => {
  copySources()
  const helper = join(handbook.cwd, 'src/lab/kit/abandon-upload.ts')
  writeFileSync(helper, readFileSync(helper, 'utf8').replace('video-recording', 'recording'))
  const drilled = await handbook.run('drill', 'full')
  expect(drilled).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('npm run build:cli') })
  expect(drilled.stdout).toBe('')
}, 120_000)
