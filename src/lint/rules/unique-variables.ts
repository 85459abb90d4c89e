import { toVariable } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import type { Place, Step } from '../../procedure/index.ts'
import { knowsFrontMatter, type Page } from '../page.ts'
import { type Rule, type Violation, violation } from '../rule.ts'
import { placeInBlock } from '../shell/read-shell.ts'
import { listSecrets } from '../shell/variables.ts'
import { listWholeSteps } from '../steps.ts'

/**
 * bash reads each value by one name, so of two values with one name it would read one. The values of ts steps are compared in src/lint/types,
 * which knows their keys; a run compares those that are known only when they are there.
 */
export const uniqueVariables: Rule = {
  id: 'unique-variables',
  severity: 'error',
  summary: 'No two values have one name in bash',
  hint: 'Give one of them another name',
  checkPage: (page, { file }) => [
    ...(knowsFrontMatter(page.procedure) ? checkParams(page, file) : []),
    ...findClashes(page, new Map()),
  ],
}

function checkParams({ procedure, placeOf }: Page, file: HandbookFile): Violation[] {
  const taken = new Map([
    ...Object.entries(file.environments).flatMap(([environment, { variables }]) =>
      Object.keys(variables).map(name => [name, `the variable of the environment ${environment}`] as const),
    ),
    ...listSecrets(file).map(([name]) => [toVariable(name), `the secret ${name} of handbook.yaml`] as const),
  ])
  return procedure.params.flatMap(({ name }, index) => {
    const variable = toVariable(name)
    const before = procedure.params.slice(0, index).find(other => toVariable(other.name) === variable)
    const other = before ? `the parameter ${before.name}` : taken.get(variable)
    if (other === undefined) return []
    const message = `The parameter ${name} and ${other} have one name in bash: ${variable}`
    return [violation(placeOf('params', name), message, { found: name })]
  })
}

/**
 * The values of a page's steps with one name in bash, at the later one. `typed` holds the keys of values of ts steps by the steps' ids; when it
 * has some, clashes between bash steps alone are left out.
 */
export function findClashes({ procedure }: Page, typed: ReadonlyMap<string, readonly string[]>): Violation[] {
  const names = new Map<string, { readonly key: string; readonly step: Step }>()
  return listWholeSteps(procedure).flatMap(step =>
    (typed.get(step.id) ?? listBashKeys(step)).flatMap((key): Violation[] => {
      const variable = `STEP_${toVariable(step.id)}_${toVariable(key)}`
      const other = names.get(variable)
      names.set(variable, other ?? { key, step })
      if (!other || (other.step === step && other.key === key)) return []
      if (typed.size > 0 && !typed.has(step.id) && !typed.has(other.step.id)) return []
      const before = `${other.key} of ${other.step.id} (line ${other.step.line})`
      const message = `${key} of ${step.id} and ${before} have one name in bash: ${variable}`
      return [violation(placeKey(key, step), message, { found: key })]
    }),
  )
}

function placeKey(key: string, { block }: Step): Place {
  const at = new RegExp(`(?<![\\w-])${key.replace(/[^\w\s]/g, '\\$&')}(?![\\w-])`).exec(block.code)
  return at ? placeInBlock(block, at.index) : block.fence
}

const KEY = String.raw`([\p{L}_][\p{L}\p{N}_.-]*)`

/** The keys that a bash block writes to `$STEP_OUTPUT`, as far as they stand there in plain text. */
function listBashKeys({ block: { language, code } }: Step): readonly string[] {
  if (language !== 'bash' || !code.includes('STEP_OUTPUT')) return []
  const isGrouped = /(?:[})]|\bdone)[ \t]*>>?[ \t]*"?\$\{?STEP_OUTPUT/.test(code)
  const written = code.split('\n').filter(line => isGrouped || line.includes('STEP_OUTPUT'))
  const said = written.flatMap(line => [
    ...line.matchAll(new RegExp(String.raw`\b(?:echo|printf)[ \t]+(?:-\w+[ \t]+)*["']?${KEY}(?:=|<<)`, 'gu')),
  ])
  const here = [
    ...code.matchAll(/STEP_OUTPUT[^\n]*<<-?[ \t]*["']?(\w+)["']?[^\n]*\n([\s\S]*?)\n[ \t]*\1\b/g),
    ...code.matchAll(/<<-?[ \t]*["']?(\w+)["']?[^\n]*STEP_OUTPUT[^\n]*\n([\s\S]*?)\n[ \t]*\1\b/g),
  ].flatMap(([, , text = '']) => [...text.matchAll(new RegExp(String.raw`^[ \t]*${KEY}=`, 'gmu'))])
  return [...new Set([...said, ...here].map(([, key = '']) => key))]
}
