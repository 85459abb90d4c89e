import { toVariable } from '../../base/index.ts'
import type { BlockRequest } from '../protocol.ts'

/** A read without a default: `$STEP_A_B`, `${STEP_A_B}`, `${#STEP_A_B}`, `${STEP_A_B%x}`, but not `${STEP_A_B:-0}`. */
const READ = /\$(?:(STEP_\w+)|\{[#!]?(STEP_\w+)(?!\w|:?[-+=?]))/g

/**
 * The step whose value a bash block is going to read, although that step gave none. Known before anything runs, so that a
 * change is not left half done; what this overlooks, bash itself finds when it gets there (`set -u`).
 */
export function findMissingStep(request: BlockRequest): string | undefined {
  for (const [, bare, braced] of withoutQuotes(request.code).matchAll(READ)) {
    const missing = nameStep(bare ?? braced ?? '', request)
    if (missing) return missing
  }
  return undefined
}

/** The step without a value that a variable speaks of, if it does. */
export function nameStep(variable: string, { steps, values, variables }: BlockRequest): string | undefined {
  if (variable === 'STEP_OUTPUT' || Object.hasOwn(variables, variable)) return undefined
  return steps
    .filter(id => variable.startsWith(`STEP_${toVariable(id)}_`) && !Object.hasOwn(values, id))
    .toSorted((a, b) => b.length - a.length)[0]
}

/** The code without its comments and what stands in single quotes. */
function withoutQuotes(code: string): string {
  return code.replace(/(^|\s)#.*$|'[^']*'/gm, '$1')
}
