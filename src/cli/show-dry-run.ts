import pc from 'picocolors'
import { formatDuration, toVariable } from '../base/index.ts'
import { findPhase, type Step } from '../procedure/index.ts'
import type { RunRequest } from '../runner/index.ts'

/** What a run would do, with its values filled in: as text for people or as JSON. Secret values are not shown. */
export function showDryRun(
  {
    procedure,
    environment,
    params,
    only,
    from,
  }: Pick<RunRequest, 'procedure' | 'environment' | 'params' | 'only' | 'from'>,
  json: boolean,
): string {
  const shown = Object.fromEntries(
    procedure.params.map(({ name, secret }) => [name, secret ? '[redacted]' : (params[name] ?? '')]),
  )
  const phases = procedure.phases
    .slice(from === undefined ? 0 : procedure.phases.findIndex(({ steps }) => steps.some(({ id }) => id === from)))
    .map(phase => ({
      ...phase,
      steps: phase.steps.slice(
        Math.max(
          0,
          phase.steps.findIndex(({ id }) => id === from),
        ),
      ),
    }))
    .map(phase => ({ ...phase, steps: phase.steps.filter(({ id }) => only === undefined || id === only) }))
    .filter(({ steps }) => steps.length > 0)
  if (json) {
    const steps = phases.flatMap(({ steps }) =>
      steps.map(({ id, title, phase, risk, block }) => ({
        id,
        title,
        phase,
        risk,
        language: block.language,
        code: block.code,
      })),
    )
    return `${JSON.stringify({ procedure: procedure.id, environment: environment.name, target: environment.target, params: shown, steps })}\n`
  }
  const variables = [
    ...Object.entries(shown).map(([name, value]) => [toVariable(name), value] as const),
    ...Object.entries(environment.target).map(([name, value]) => [`TARGET_${toVariable(name)}`, value] as const),
  ]
  return [
    `${pc.bold(procedure.title)}`,
    pc.dim(`would run in ${environment.name}; nothing is run now`),
    '',
    ...variables.map(([name, value]) => `  ${name}=${value}`),
    ...phases.flatMap(({ title, steps }) => ['', pc.bold(title), ...steps.flatMap(step => showStep(step))]),
    '',
    '',
  ].join('\n')
}

function showStep(step: Step): string[] {
  const notes = [
    step.risk,
    step.temporary ? 'temporary' : '',
    step.undoes ? `undoes ${step.undoes}${step.when === undefined ? '' : `, only when ${step.when}`}` : '',
    `timeout ${formatDuration(step.timeout)}`,
    step.leaves === undefined ? '' : `leaves something running: ${step.leaves}`,
    step.retries > 0 ? `${step.retries} retries every ${formatDuration(step.every)}` : '',
  ]
  const only = findPhase('Mitigate')?.name === step.phase ? ', if Diagnose suggests it' : ''
  return [
    `  ${pc.cyan('▸')} ${step.title} ${pc.dim(`#${step.id}`)}`,
    pc.dim(`    ${notes.filter(Boolean).join(', ')}${only}`),
    ...step.block.code.split('\n').map(line => `    ${pc.dim('│')} ${line}`),
  ]
}
