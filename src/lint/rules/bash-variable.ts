import { findClosest, toVariable } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import { knowsFrontMatter, type Page } from '../page.ts'
import { type Rule, type Violation, violation } from '../rule.ts'
import { placeInBlock, type Reference } from '../shell/read-shell.ts'
import { findAssignments, isWellKnown, listVariables } from '../shell/variables.ts'
import { findEarlierSteps } from '../steps.ts'

/** TypeScript knows the values of ts blocks, so src/lint/types checks readings of those. */
export const bashVariable: Rule = {
  id: 'bash-variable',
  severity: 'error',
  summary: 'A bash block reads only variables that have a value',
  hint: 'Assign it, or give it a default with :-',
  checkBash({ page, step, facts, file }) {
    const assigned = knowsFrontMatter(page.procedure) ? findAssignments(facts) : undefined
    if (!assigned) return []
    const given = listVariables(page.procedure, step, file)
    return facts.references.flatMap(reference => {
      const { name, guarded, offset } = reference
      if (given.has(name) || assigned.has(name) || isWellKnown(name)) return []
      if (name.startsWith('STEP_')) return checkValue(page, step, reference)
      const closest = findClosest(name, guarded ? given.keys() : [...given.keys(), ...assigned])
      if (guarded && closest === undefined) return []
      const more = { found: name, ...(closest === undefined ? {} : { hint: hintAt(closest, given) }) }
      const message = name.startsWith('TARGET_')
        ? `handbook.yaml declares no fact of the target for ${name}`
        : `${name} has no value in this block`
      return violation(placeInBlock(step.block, offset), message, more)
    })
  },
}

function hintAt(closest: string, given: ReadonlyMap<string, string>): string {
  const source = given.get(closest)
  return `Did you mean ${closest}${source === undefined ? '' : ` (${source})`}?`
}

/** `STEP_USAGE_PERCENT` is a value of the step `usage`, which must run before. */
function checkValue(page: Page, step: Step, { name, offset }: Reference): Violation[] {
  const startsWith = ({ id }: Step) => name.startsWith(`STEP_${toVariable(id)}_`)
  const earlier = findEarlierSteps(page.procedure, step)
  const place = placeInBlock(step.block, offset)
  const sources = earlier.filter(startsWith)
  if (sources.length > 0) {
    const meant = findMeantKey(name, sources)
    if (meant === undefined) return []
    const message = `The step ${sources[0]?.id} does not seem to write ${name}`
    return [violation(place, message, { found: name, hint: `Did you mean ${meant}?` })]
  }
  const other = page.procedure.phases.flatMap(({ steps }) => steps).find(startsWith)
  if (other) {
    const message =
      other.id === step.id
        ? `A step cannot read its own value ${name}`
        : `The step ${other.id} (line ${other.line}) does not run before this one, so ${name} has no value here`
    return [violation(place, message, { found: name, hint: 'Move the step up, or do without its value' })]
  }
  const prefixes = new Map(earlier.map(({ id }) => [`STEP_${toVariable(id)}`, id]))
  const key = name.slice(name.lastIndexOf('_'))
  const closest = findClosest(name.slice(0, -key.length), prefixes.keys())
  return [
    violation(place, `No step that runs before this one gives ${name}`, {
      found: name,
      expected:
        prefixes.size === 0
          ? 'nothing: no step runs before'
          : `one of ${[...prefixes.keys()].map(prefix => `${prefix}_…`).join(', ')}`,
      ...(closest === undefined ? {} : { hint: `Did you mean ${closest}${key}?` }),
    }),
  ]
}

/**
 * The nearest right name of a misspelt value of bash steps. Their keys are known only when they run. But any text before an equals sign
 * in the block may be a key. A name that nearly equals one of those is a typing mistake.
 */
function findMeantKey(name: string, sources: readonly Step[]): string | undefined {
  if (sources.some(({ block }) => block.language !== 'bash')) return undefined
  const keys = sources.flatMap(({ id, block }) =>
    [...block.code.matchAll(/([A-Za-z_][\w.-]*)=/g)].map(([, key = '']) => `STEP_${toVariable(id)}_${toVariable(key)}`),
  )
  return keys.includes(name) ? undefined : findClosest(name, keys)
}
