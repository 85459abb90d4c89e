import type { Json } from '../../journal/index.ts'
import type { Step } from '../../procedure/index.ts'
import type { Run } from '../run.ts'

/**
 * What an approver signs, to the letter: which block is to run in which run and environment, and with which values. Secrets are not
 * in it.
 */
export function writeApprovalText({ request, ports, values, redaction }: Run, step: Step): string {
  const { procedure, environment, params, by } = request
  const secret = new Set(procedure.params.flatMap(param => (param.secret ? param.name : [])))
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, secret.has(name) ? '[redacted]' : value]),
  )
  return [
    'handbook approval 1',
    `run         ${ports.writer.run}`,
    `by          ${by.user}@${by.host}`,
    `environment ${environment.name}`,
    `page        ${procedure.path}`,
    `step        ${step.id}`,
    `block       ${step.block.hash}`,
    `params      ${writeSorted(redaction.value(shown))}`,
    `target      ${writeSorted(redaction.value({ ...environment.target }))}`,
    `values      ${writeSorted(redaction.value(values))}`,
    '',
  ].join('\n')
}

/** JSON on one line, keys in their order. */
function writeSorted(value: Json): string {
  return JSON.stringify(value, (_, inner: Json) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
