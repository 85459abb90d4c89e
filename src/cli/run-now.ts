import pc from 'picocolors'
import { countOf, formatDuration, formatJson, toVariable } from '../base/index.ts'
import type { Executor } from '../execute/index.ts'
import { describeStartAlert } from '../journal/index.ts'
import { performRun, prepareRun, type RunOptions } from '../operate/index.ts'
import { findPhase, type ParamValue, type Phase, type Step } from '../procedure/index.ts'
import type { RunRequest } from '../runner/index.ts'
import { createPorts } from './ports.ts'
import { printForeign } from './print.ts'
import { printRun } from './print-run.ts'

/** Runs a page with an executor that was started before, and reports it. Returns the exit code. */
export async function runNow(options: RunOptions, executor: Executor, json: boolean): Promise<number> {
  return printRun(json, async (ports, listener) => {
    const ready = await prepareRun(options, ports)
    return ready && performRun({ ...ready, executor }, ports, listener)
  })
}

/** Shows what would run, and asks nobody. Returns the exit code. */
export async function showPlan(options: RunOptions, json: boolean): Promise<number> {
  const { prompter: _, ...ports } = createPorts()
  const ready = await prepareRun(options, ports)
  if (!ready) return 0
  const plan = makePlan(ready.request)
  if (json) process.stdout.write(`${formatJson(describePlan(plan))}\n`)
  else printForeign(formatPlan(plan))
  return 0
}

/** What a run would do, with its values filled in. */
interface RunPlan {
  readonly request: PlannedRequest
  /** The values by name; secret ones are not shown. */
  readonly params: Readonly<Record<string, ParamValue>>
  /** Only the steps that would run. */
  readonly phases: readonly Phase[]
}

type PlannedRequest = Pick<RunRequest, 'procedure' | 'environment' | 'params' | 'only' | 'from' | 'alert'>

function makePlan(request: PlannedRequest): RunPlan {
  const { procedure, params, only, from } = request
  const shown = procedure.params.map(({ name, secret }) => [name, secret ? '[redacted]' : (params[name] ?? '')])
  const steps = procedure.phases.flatMap(phase => phase.steps)
  const first = steps.findIndex(({ id }) => id === from)
  const planned = new Set(steps.slice(Math.max(0, first)).filter(({ id }) => only === undefined || id === only))
  const phases = procedure.phases.map(phase => ({ ...phase, steps: phase.steps.filter(step => planned.has(step)) }))
  return {
    request,
    params: Object.fromEntries(shown),
    phases: phases.filter(phase => phase.steps.length > 0),
  }
}

/** A plan as data for scripts. */
function describePlan({ request: { procedure, environment, alert }, params, phases }: RunPlan): object {
  const steps = phases
    .flatMap(phase => phase.steps)
    .map(({ id, title, phase, risk, block: { language, code } }) => ({ id, title, phase, risk, language, code }))
  return {
    procedure: procedure.id,
    environment: environment.name,
    target: environment.target,
    ...(alert ? { alert } : {}),
    params,
    steps,
  }
}

/** A plan as text for people. */
function formatPlan({ request: { procedure, environment, alert }, params, phases }: RunPlan): string {
  const variables = [
    ...Object.entries(params).map(([name, value]) => [toVariable(name), value] as const),
    ...Object.entries(environment.target).map(([name, value]) => [`TARGET_${toVariable(name)}`, value] as const),
  ]
  return [
    `${pc.bold(procedure.title)}`,
    pc.dim(`would run in ${environment.name}; nothing is run now`),
    ...(alert ? [describeStartAlert(alert)] : []),
    '',
    ...variables.map(([name, value]) => `  ${name}=${value}`),
    ...phases.flatMap(({ title, steps }) => ['', pc.bold(title), ...steps.flatMap(step => formatStep(step))]),
    '',
    '',
  ].join('\n')
}

function formatStep(step: Step): string[] {
  const notes = [
    step.risk,
    step.temporary ? 'temporary' : '',
    step.undoes ? `undoes ${step.undoes}${step.when === undefined ? '' : `, only when ${step.when}`}` : '',
    `timeout ${formatDuration(step.timeout)}`,
    step.leaves === undefined ? '' : `leaves something running: ${step.leaves}`,
    step.retries > 0 ? `${countOf(step.retries, 'retry', 'retries')} every ${formatDuration(step.every)}` : '',
  ]
  const only = findPhase('Mitigate')?.name === step.phase ? ', if Diagnose suggests it' : ''
  return [
    `  ${pc.cyan('▸')} ${step.title} ${pc.dim(`#${step.id}`)}`,
    pc.dim(`    ${notes.filter(Boolean).join(', ')}${only}`),
    ...step.block.code.split('\n').map(line => `    ${pc.dim('│')} ${line}`),
  ]
}
