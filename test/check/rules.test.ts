import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { checkAlertRules, judgeDrills, RULES, readRuleFiles, readTextFrom } from '../../src/check/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { checkFolder, openHandbook } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'
import { makeProof } from './make-proof.ts'

const FOLDER = join(import.meta.dirname, 'rules')
/** Stands at the end of the line at which the bad example has its problem. */
const MARK = ' ⟵'
/** Where an example goes, by the end of its name. */
const PLACES: Readonly<Record<string, string>> = {
  md: 'runbooks/example.md',
  mdx: 'runbooks/example.mdx',
  'handbook.yaml': 'handbook.yaml',
  'rules.yaml': 'static/monitoring/example.rules.yaml',
  proof: 'static/proofs/another--storage-filling.json',
}
/** Rules for which pages, rule files and proofs have to be looked at together. */
const WHOLE = [
  'handbook-file',
  'rules-yaml',
  'rules-shape',
  'alert-has-page',
  'runbook-url',
  'proof-file',
  'unique-page-ids',
]

it('shows a bad and a good example of every rule, and of nothing else', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(RULES).sort())
})

describe.each(Object.entries(RULES))('%s', (rule, { severity }) => {
  const options = { whole: WHOLE.includes(rule), proofs: rule === 'proof-current' }
  const check = (root: string) => (rule === 'alert-described' ? checkRules(root) : checkFolder(root, options))

  it('finds the bad example at its line', async () => {
    const { text, place } = readExample(rule, 'bad')
    const marked = text.split('\n').findIndex(line => line.endsWith(MARK)) + 1
    expect(marked).toBeGreaterThan(0)
    const root = await makeHandbook({ [place]: text.replace(MARK, '') })
    const problems = await check(root)
    expect(problems.map(({ file, line, rule, severity }) => ({ file, line, rule, severity }))).toEqual([
      { file: place, line: marked, rule, severity },
    ])
    expect(problems[0]?.hint).toBeTruthy()
  })

  it('finds nothing wrong with the good example', async () => {
    const { text, place } = readExample(rule, 'good')
    const root = await makeHandbook({ [place]: text })
    if (rule === 'proof-current') await prove(root, place)
    expect(await check(root)).toEqual([])
  })
})

/** As `handbook alerts check` does. */
async function checkRules(root: string): Promise<readonly Problem[]> {
  const handbook = await openHandbook(root)
  const rules = await readRuleFiles(handbook)
  return checkAlertRules({ handbook, readText: readTextFrom(root), rules, others: rules })
}

function readExample(rule: string, name: 'bad' | 'good'): { text: string; place: string } {
  const folder = join(FOLDER, rule)
  const file = readdirSync(folder).find(file => file.startsWith(`${name}.`)) ?? ''
  const place = PLACES[file.slice(name.length + 1)]
  if (place === undefined) throw new Error(`${rule} has no ${name} example`)
  return { text: readFileSync(join(folder, file), 'utf8'), place }
}

/** Leaves proofs behind as drills of the page would. */
async function prove(root: string, path: string): Promise<void> {
  const readText = readTextFrom(root)
  const rules = await readRuleFiles(await openHandbook(root))
  const procedure = parseProcedure((await readText(path)) ?? '', path)
  for (const { id, contentHash, drill } of await judgeDrills(procedure, { readText, rules, proofs: [] })) {
    const proof = makeProof({ id, contentHash, fault: drill.fault, procedure: procedure.id })
    mkdirSync(join(root, 'static/proofs'), { recursive: true })
    writeFileSync(join(root, 'static/proofs', `${id}.json`), JSON.stringify(proof))
  }
}
