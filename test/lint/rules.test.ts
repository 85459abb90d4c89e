import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXAMPLES, MARK, readExample } from '../../scripts/references/rule-examples.ts'
import type { Problem } from '../../src/base/index.ts'
import { readRuleFiles } from '../../src/handbook/index.ts'
import { checkAlertRules, judgeDrills, RULES, readTextFrom } from '../../src/lint/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { proveInputs } from '../../src/prove/index.ts'
import { requires } from '../environment/requires.ts'
import { inputPorts } from '../prove/inputs/input-ports.ts'
import { checkFolder, openHandbook } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'
import { makeProof } from './make-proof.ts'

/** A line with its mark. */
const END = new RegExp(`^(.*) ${MARK}(?: ([\\w-]+))?$`)
it('shows a bad and a good example of every rule, and of nothing else', () => {
  expect(readdirSync(EXAMPLES).sort()).toEqual(RULES.map(({ id }) => id).sort())
})

const CONSEQUENCES = `${readFileSync(join(import.meta.dirname, 'handbook/handbook.yaml'), 'utf8')}consequences: [nobody is served, it will be]\n`
const HERE = requires('the examples of the rule shellcheck', ['shellcheck'])

describe.each(RULES.filter(({ id }) => HERE || id !== 'shellcheck'))('$id', ({ id: rule, severity, ...looks }) => {
  // Pages, rule files and proofs have to be looked at together for what is not found on a page.
  const whole = looks.checkHandbook ?? looks.checkAlerts ?? !readExample(rule, 'bad').place.startsWith('runbooks/')
  const options = {
    // Of a handbook it only counts waivers.
    whole: Boolean(whole) && rule !== 'step-drilled',
    proofs: ['proof-current', 'drilled-lately', 'step-drilled'].includes(rule),
    sources: rule === 'proof-sources',
    shellcheck: rule === 'shellcheck',
    scripts: rule === 'script-shown',
    strict: rule === 'filled-in',
  }
  // What alerts may mean is listed in the handbook's own file.
  const extra = rule === 'alert-consequence' ? { 'handbook.yaml': CONSEQUENCES } : {}
  const check = (root: string) =>
    rule === 'false-word'
      ? checkInputs(root)
      : ['alert-described', 'alert-consequence', 'threshold-basis'].includes(rule)
        ? checkRules(root)
        : checkFolder(root, options)

  it('finds the bad example at its line', async () => {
    const { text, place } = readExample(rule, 'bad')
    const marks = text.split('\n').flatMap((line, index) => {
      const [, code, other = rule] = END.exec(line) ?? []
      return code === undefined ? [] : [{ file: place, line: index + 1, rule: other }]
    })
    expect(marks).toContainEqual({ file: place, line: expect.any(Number), rule })
    const root = await makeHandbook({ ...extra, [place]: text.replace(new RegExp(END, 'gm'), '$1') })
    if (rule === 'drilled-lately') await prove(root, place, '2026-01-01')
    if (rule === 'step-drilled') await prove(root, place)
    const problems = await check(root)
    expect(problems.map(({ file, line, rule }) => ({ file, line, rule }))).toEqual(marks)
    const mine = problems.filter(problem => problem.rule === rule)
    expect([...new Set(mine.map(({ severity }) => severity))]).toEqual([severity])
    expect(mine[0]?.hint).toBeTruthy()
  })

  it('finds nothing wrong with the good example', async () => {
    const { text, place } = readExample(rule, 'good')
    const root = await makeHandbook({ ...extra, [place]: text })
    if (options.proofs) await prove(root, place)
    expect(await check(root)).toEqual([])
  })
})

/** As `handbook prove --inputs` does. */
async function checkInputs(root: string): Promise<readonly Problem[]> {
  const handbook = await openHandbook(root)
  const readText = readTextFrom(root)
  const paths = handbook.pages.filter(page => page.includes('example'))
  const pages = await Promise.all(paths.map(async path => parseProcedure((await readText(path)) ?? '', path)))
  const { found } = await proveInputs(handbook, pages, inputPorts(root), () => {})
  const problems = found.map(
    ({ file, line, message }): Problem => ({
      file,
      line,
      column: 1,
      rule: 'false-word',
      severity: 'error',
      message,
      hint: 'as it says',
    }),
  )
  return [...new Map(problems.map(problem => [problem.line, problem])).values()]
}

/** As `handbook alerts check` does. */
async function checkRules(root: string): Promise<readonly Problem[]> {
  const handbook = await openHandbook(root)
  const rules = await readRuleFiles(handbook)
  return checkAlertRules({ handbook, readText: readTextFrom(root), rules, others: rules })
}

/** Leaves proofs behind as drills of the page would. */
async function prove(root: string, path: string, date?: string): Promise<void> {
  const readText = readTextFrom(root)
  const rules = await readRuleFiles(await openHandbook(root))
  const procedure = parseProcedure((await readText(path)) ?? '', path)
  for (const { id, contentHash, drill } of await judgeDrills(procedure, { readText, rules, proofs: [] })) {
    const proof = makeProof({
      id,
      contentHash,
      fault: drill.fault,
      procedure: procedure.id,
      ...(date === undefined ? {} : { date }),
    })
    mkdirSync(join(root, 'static/proofs'), { recursive: true })
    writeFileSync(join(root, 'static/proofs', `${id}.json`), JSON.stringify(proof))
  }
}
