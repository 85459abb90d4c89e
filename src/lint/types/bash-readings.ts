import { type Problem, toVariable } from '../../base/index.ts'
import type { Place, Step } from '../../procedure/index.ts'
import type { Page } from '../page.ts'
import { describeUnknown, makeProblem, violation } from '../rule.ts'
import { bashVariable } from '../rules/bash-variable.ts'
import { findClashes, uniqueVariables } from '../rules/unique-variables.ts'
import { placeInBlock, readShell } from '../shell/read-shell.ts'
import { findEarlierSteps, listWholeSteps } from '../steps.ts'
import type { Compiled, Lookup } from './compiler.ts'

/** A bash block that reads a value of a ts block: `$STEP_USAGE_PERCENT`. */
export interface Reading {
  readonly page: Page
  readonly place: Place
  readonly variable: string
  /** The possible sources, because `STEP_A_B_C` is `b-c` of `a`, or `c` of `a-b`; with the usual spelling of the key. */
  readonly sources: readonly (Lookup & { readonly id: string })[]
}

/** The places where bash blocks read values of ts blocks. `values` holds the types by the steps' ids. */
export function findReadings(page: Page, values: ReadonlyMap<string, string>): Reading[] {
  if (values.size === 0) return []
  const steps = listWholeSteps(page.procedure).filter(
    ({ block: { language, code } }) => language === 'bash' && code.includes('STEP_'),
  )
  return steps.flatMap(step => {
    const earlier = findEarlierSteps(page.procedure, step)
    return readShell(step.block.code).references.flatMap(({ name, offset }) => {
      const named = earlier.filter(({ id }) => name.startsWith(prefixOf(id)))
      const sources = named.flatMap(({ id }) => {
        const type = values.get(id)
        return type === undefined ? [] : [{ id, type, key: guessKey(name.slice(prefixOf(id).length)) }]
      })
      // Values of bash blocks are known only when they run.
      if (sources.length === 0 || sources.length < named.length) return []
      return [{ page, place: placeInBlock(step.block, offset), variable: name, sources }]
    })
  })
}

/** Demands that every key that is read exists in the value's type. */
export function checkReadings(readings: readonly Reading[], lacking: Compiled['lacking']): Problem[] {
  return readings.flatMap(({ page, place, variable, sources }) => {
    const known: string[] = []
    for (const source of sources) {
      const keys = lacking.get(source)
      if (!keys) return []
      known.push(...keys.map(key => prefixOf(source.id) + toVariable(key)))
    }
    if (known.includes(variable)) return []
    const [source] = sources
    const message = `The value of the step ${source?.id} has nothing for ${variable}`
    return [makeProblem(bashVariable, page.path, violation(place, message, describeUnknown(variable, known)))]
  })
}

/** The question for all keys of a step's value. */
export interface KeysLookup extends Lookup {
  readonly page: Page
  readonly step: Step
}

/** No value has this key, so the answer names the keys that there are. */
const NO_KEY = 'handbook$none'

/** The ts steps whose values may share a name in bash with another value. `values` holds the types by the steps' ids. */
export function findKeyQuestions(page: Page, values: ReadonlyMap<string, string>): KeysLookup[] {
  const steps = listWholeSteps(page.procedure)
  return steps.flatMap(step => {
    const type = values.get(step.id)
    if (type === undefined || !(mayClashInside(step) || steps.some(other => areNested(step, other)))) return []
    return [{ page, step, type, key: NO_KEY }]
  })
}

/** Whether a value of one step may have the name of a value of the other: `STEP_DISK_USED_PERCENT`. */
function areNested({ id: a }: Step, { id: b }: Step): boolean {
  return a !== b && (prefixOf(a).startsWith(prefixOf(b)) || prefixOf(b).startsWith(prefixOf(a)))
}

function mayClashInside({ block: { code } }: Step): boolean {
  const names = new Set(code.match(/[\p{L}_$][\p{L}\p{N}_$-]*(?=['"]?\s*[,:}\]])/gu))
  return new Set([...names].map(toVariable)).size < names.size
}

/** Demands that no two values of a page have one name in bash, as far as the types say it. */
export function checkValueNames(questions: readonly KeysLookup[], lacking: Compiled['lacking']): Problem[] {
  return [...new Set(questions.map(({ page }) => page))].flatMap(page => {
    const typed = new Map(
      questions.flatMap(question => {
        const keys = question.page === page ? lacking.get(question) : undefined
        return keys ? [[question.step.id, keys] as const] : []
      }),
    )
    if (typed.size === 0) return []
    return findClashes(page, typed).map(found => makeProblem(uniqueVariables, page.path, found))
  })
}

/** `FREE_BYTES` is `freeBytes`, most often. */
function guessKey(variable: string): string {
  return variable.toLowerCase().replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function prefixOf(id: string): string {
  return `STEP_${toVariable(id)}_`
}
