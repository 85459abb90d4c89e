import type { RunFact } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { prepareRedaction } from '../secrets/index.ts'
import { realClock } from './clock.ts'
import type { Ending } from './ending.ts'
import { findUnreverted } from './find-unreverted.ts'
import { runChecks } from './flow-checks.ts'
import { runGuide } from './flow-guide.ts'
import { runRollBack } from './flow-roll-back.ts'
import { runRunbook } from './flow-runbook.ts'
import { runSingle } from './flow-single.ts'
import { redactFact } from './redact-fact.ts'
import type { Run, RunPorts, RunRequest } from './run.ts'
import type { RunHistory } from './run-history.ts'

/**
 * Runs a procedure in an environment, or goes on with a run that was interrupted: the flow is taken again with what is recorded of it,
 * and only what comes after that happens. Everything that happens is an event; a failed step is one, too.
 */
export async function runProcedure(request: RunRequest, ports: RunPorts): Promise<Ending> {
  const run = beginRun(request, ports)
  const { clock } = run.ports
  const begun = clock.now()
  run.emit(request.resumes ? describeResumption(request, request.resumes.history) : describeStart(request))
  for (const message of request.warnings) run.emit({ type: 'run.warned', message })
  if (request.procedure.phases.some(({ steps }) => steps.some(({ block }) => block.language === 'ts')))
    ports.worker.warm()
  try {
    const ending = await chooseFlow(request)(run)
    if (run.wantsRollBack) {
      run.unasked = true
      await runRollBack(run)
    }
    const { standing, cures } = findUnreverted(run)
    run.emit({
      type: 'run.finished',
      ...ending,
      seconds: Math.round(clock.now() - begun) / 1000,
      standing,
      ...(cures.length === 0 ? {} : { cures }),
      rollBack: standing.flatMap(({ undoneBy }) => undoneBy ?? []).reverse(),
    })
    return ending
  } finally {
    run.hold?.release()
  }
}

function describeStart({ procedure, environment, params, ...request }: RunRequest): RunFact {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  return {
    type: 'run.started',
    procedure: procedure.id,
    path: procedure.path,
    title: procedure.title,
    environment: environment.name,
    target: environment.target,
    params: Object.fromEntries(
      procedure.params.flatMap(({ name, secret }) => {
        const value = params[name]
        return value === undefined ? [] : [[name, secret ? '[redacted]' : value]]
      }),
    ),
    contentHash: procedure.hash,
    by: request.by,
    mode: request.mode === 'auto' ? 'auto' : 'interactive',
    steps: steps.map(({ id, title, phase, risk, block }) => ({ id, title, phase, risk, blockHash: block.hash })),
    cwd: request.cwd,
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.from === undefined ? {} : { from: request.from }),
    ...(request.rollsBack === undefined ? {} : { rollsBack: request.rollsBack.run }),
    ...(request.breakGlass === undefined ? {} : { breakGlass: request.breakGlass }),
  }
}

function describeResumption({ by, mode, resumes, breakGlass }: RunRequest, { half }: RunHistory): RunFact {
  const decision = resumes?.interrupted ?? 'repeat'
  return {
    type: 'run.resumed',
    by,
    mode: mode === 'auto' ? 'auto' : 'interactive',
    ...(half ? { interrupted: { step: half.step, decision } } : {}),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  }
}

function beginRun(request: RunRequest, ports: RunPorts): Run {
  const { procedure, params, resumes, rollsBack } = request
  const hidden = procedure.params.flatMap(({ name, secret }) => (secret ? String(params[name] ?? '') : []))
  const redaction = prepareRedaction([...Object.values(request.secrets), ...hidden])
  let lost = false
  const emit = (fact: RunFact) => {
    ports.listen(ports.ledger.append(redactFact(fact, redaction)))
    const { problem } = ports.ledger
    if (problem === undefined || lost) return
    lost = true
    emit({ type: 'run.warned', message: `this run is not recorded any more: ${problem}` })
  }
  return {
    request,
    ports: { ...ports, clock: ports.clock ?? realClock },
    redaction,
    values: { ...rollsBack?.history.values },
    suggestions: resumes?.history.suggestions ?? [],
    recorded: new Map(resumes?.history.results),
    half: new Set(resumes?.history.open),
    taken: rollsBack ? listTaken(request, rollsBack.history) : [],
    undone: listUndone(request, (rollsBack ?? resumes)?.history),
    unasked: false,
    wantsRollBack: false,
    hold: undefined,
    emit,
  }
}

/** What an earlier run changed. */
function listTaken({ procedure }: RunRequest, { begun }: RunHistory): Step[] {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  return begun
    .flatMap(id => steps.find(step => step.id === id) ?? [])
    .filter(({ risk, undoes }) => risk !== 'read' && undoes === undefined)
}

/** What of it was taken back since. */
function listUndone({ procedure }: RunRequest, history: RunHistory | undefined): Set<string> {
  const steps = procedure.phases.flatMap(phase => phase.steps)
  return new Set(
    steps.flatMap(({ id, undoes }) => (undoes && history?.results.get(id)?.status === 'passed' ? undoes : [])),
  )
}

function chooseFlow({ procedure, only, rollsBack }: RunRequest): (run: Run) => Promise<Ending> {
  if (only !== undefined) return run => runSingle(run, only)
  if (rollsBack !== undefined) return runRollBack
  switch (procedure.kind) {
    case 'runbook':
      return runRunbook
    case 'assessment':
      return runChecks
    case 'guide':
    case 'page':
      return runGuide
    default:
      return procedure.kind satisfies never
  }
}
