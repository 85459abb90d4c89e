import type { Problem } from '../../base/index.ts'
import type { Procedure, Step } from '../../procedure/index.ts'
import { describeUnknown } from '../rule.ts'
import { READ_HINT } from '../rules/hb.ts'
import { types } from '../rules/tools.ts'
import { findEarlierSteps } from '../steps.ts'
import type { Finding } from './compiler.ts'

type Wording = Pick<Problem, 'message' | 'expected' | 'found' | 'hint'>

const MISSING_PROPERTY = [2339, 2551, 7053]
const WRONG_ARGUMENT = 2345
const IMPORT_INSIDE = [1232, 1473]

/** An error of TypeScript in words for a reader who knows only the page, not how it is compiled. */
export function describeFinding(finding: Finding, step: Step, procedure: Procedure): Problem {
  const { line, column, code } = finding
  const wording = describeScope(finding, step, procedure) ?? describePlainly(finding)
  return {
    file: procedure.path,
    line,
    column,
    rule: types.id,
    severity: types.severity,
    ...wording,
    message: `${wording.message} (TS${code})`,
  }
}

/** The wording for errors about names of the page itself. */
function describeScope(finding: Finding, step: Step, procedure: Procedure): Wording | undefined {
  const { code, message } = finding
  const before = textBefore(finding, step)
  if (MISSING_PROPERTY.includes(code)) {
    const name = /[Pp]roperty '([^']+)' does not exist/.exec(message)?.[1] ?? ''
    const object =
      /\b(steps|params|target)\s*(?:\??\.|\[)\s*$/.exec(before)?.[1] ??
      /^(steps|params|target)\s*\[/.exec(textAfter(finding, step))?.[1]
    if (object !== undefined) return describeProperty(object, name, finding, step, procedure)
    const value = /\bsteps(?:\.(\w+)|\[['"]([\w-]+)['"]\])\s*\??\.\s*$/.exec(before)
    if (value) return describeValue(value[1] ?? value[2] ?? '', name, finding, procedure)
  }
  const action = /\bservice\([^()]*,\s*$/.test(before) ? /^Argument of type '"(\w+)"'/.exec(message)?.[1] : undefined
  if (code === WRONG_ARGUMENT && action !== undefined && ['start', 'stop', 'restart', 'reload'].includes(action)) {
    return { message: `A step that only reads may not ${action} a service`, found: action, hint: READ_HINT }
  }
  const callee = /\b(suggest|service|secret)\(\s*$/.exec(before)?.[1]
  const [, argument, union = ''] =
    /^Argument of type '"([^"]+)"' is not assignable to .* type '(.*)'/.exec(message) ?? []
  if (code === WRONG_ARGUMENT && callee !== undefined && argument !== undefined) {
    const known = [...union.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => name ?? [])
    if (callee === 'suggest') return missing(`This page has no step ${argument} in Mitigate`, argument, known)
    const reads = callee === 'secret' && step.risk === 'read' ? ' for steps that only read' : ''
    return missing(`handbook.yaml declares no ${callee} ${argument}${reads}`, argument, known)
  }
  return undefined
}

function describeProperty(object: string, name: string, finding: Finding, step: Step, procedure: Procedure): Wording {
  switch (object) {
    case 'steps': {
      const other = procedure.phases.flatMap(({ steps }) => steps).find(({ id }) => id === name)
      const earlier = findEarlierSteps(procedure, step).map(({ id }) => id)
      if (!other) return missing(`No step ${name} runs before this one`, name, earlier)
      const message =
        other.id === step.id
          ? `A step cannot read its own value`
          : `The step ${name} (line ${other.line}) does not run before this one, so it has no value here`
      return { ...missing(message, name, earlier), hint: 'Move the step up, or do without its value' }
    }
    case 'params':
      return missing(
        `The front matter declares no parameter ${name}`,
        name,
        procedure.params.map(param => param.name),
      )
    default:
      return {
        ...describePlainly(finding),
        message: `handbook.yaml declares no fact ${name} of the target`,
        found: name,
      }
  }
}

function describeValue(id: string, name: string, finding: Finding, { phases }: Procedure): Wording {
  const step = phases.flatMap(({ steps }) => steps).find(step => step.id === id)
  if (finding.message.includes("on type 'never'")) {
    const hint = step ? { hint: `Let its block on line ${step.block.fence.line} return one` } : {}
    return { message: `The step ${id} returns no value`, ...hint }
  }
  const { hint } = describePlainly(finding)
  return { message: `The value of the step ${id} has no ${name}`, found: name, ...(hint ? { hint } : {}) }
}

function missing(message: string, found: string, known: readonly string[]): Wording {
  return { message, ...describeUnknown(found, known) }
}

function describePlainly({ code, message }: Finding): Wording {
  if (IMPORT_INSIDE.includes(code)) {
    return {
      message: 'A static import is allowed only at the beginning of a block',
      hint: "Move it up, or write: const { … } = await import('…')",
    }
  }
  const meant = /Did you mean (?:the instance member )?'([^']+)'\?/.exec(message)?.[1]
  const [first = '', ...details] = message
    .replaceAll(/'\{ [^']{60,}'/g, "'{ … }'")
    .split('\n')
    .map(line =>
      line
        .replace(/\.? (?:Did you mean|Do you need|Try ).*$/, '')
        .replace(/\.$/, '')
        .trim(),
    )
  const detail = details.at(-1)
  return {
    message: detail === undefined ? first : `${first}: ${detail}`,
    ...(meant === undefined ? {} : { hint: `Did you mean ${meant}?` }),
  }
}

/** The block's code up to where the finding points. */
function textBefore(finding: Finding, { block }: Step): string {
  const index = block.lines.findIndex(({ line }) => line === finding.line)
  const lines = block.code.split('\n').slice(0, index + 1)
  const column = finding.column - (block.lines[index]?.column ?? 1)
  return [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, column)].join('\n')
}

/** The rest of the line at which the finding points. */
function textAfter(finding: Finding, { block }: Step): string {
  const index = block.lines.findIndex(({ line }) => line === finding.line)
  const column = finding.column - (block.lines[index]?.column ?? 1)
  return block.code.split('\n')[index]?.slice(column) ?? ''
}
