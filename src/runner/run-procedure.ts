import type { RunFact, RunHistory } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import { prepareRedaction } from '../secrets/index.ts'
import { addStartAlert } from './ask-alerts.ts'
import { realClock } from './clock.ts'
import type { Ending } from './ending.ts'
import { runRunbook } from './flow-runbook.ts'
import { findUnreverted, runChecks, runGuide, runRollBack, runSingle } from './flows.ts'
import { redactFact } from './redact-fact.ts'
import type { Run, RunPorts, RunRequest } from './run.ts'

/**
 * Runs a procedure in an environment, or goes on with a run that was interrupted: the flow is taken again with what is recorded of it,
 * and only what comes after that happens. Everything that happens is an event; a failed step is one, too.
 */
export async function runProcedure(request: RunRequest, ports: RunPorts): Promise<Ending> {
  const over = new AbortController()
  const run = beginRun(request, { ...ports, signal: heedRequests(ports, over.signal) })
  const { clock } = run.ports
  const begun = clock.now()
  void run.emit(request.resumes ? describeResumption(request, request.resumes.history) : describeStart(request))
  for (const message of request.warnings) void run.emit({ type: 'run.warned', message })
  if (request.procedure.phases.some(({ steps }) => steps.some(({ block }) => block.language === 'ts')))
    ports.worker.warm()
  try {
    const ending = await addStartAlert(run, await chooseFlow(request)(run))
    if (run.wantsRollBack) {
      run.unasked = true
      await runRollBack(run)
    }
    const { standing, cures } = findUnreverted(run)
    await run.emit({
      type: 'run.finished',
      ...ending,
      seconds: Math.round(clock.now() - begun) / 1000,
      standing,
      ...(cures.length === 0 ? {} : { cures }),
      rollBack: standing.flatMap(({ undoneBy }) => undoneBy ?? []).reverse(),
    })
    return ending
  } finally {
    over.abort()
    await run.lease?.release().catch(() => undefined)
  }
}

/** Aborts as the run's own signal does, and when somebody asks for its end through the store. */
function heedRequests({ writer, signal }: RunPorts, over: AbortSignal): AbortSignal {
  const canceller = new AbortController()
  void writer.cancelRequested(over).then(request => request && canceller.abort())
  return AbortSignal.any([signal, canceller.signal])
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
    ...(request.alert === undefined ? {} : { alert: request.alert }),
    ...(request.after === undefined ? {} : { after: request.after }),
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
  const warn = () => {
    const { problem } = ports.writer
    if (problem === undefined || lost) return
    lost = true
    void emit({ type: 'run.warned', message: `this run is not recorded any more: ${problem}` })
  }
  const emit = (fact: RunFact): Promise<void> => {
    const { event, kept } = ports.writer.append(redactFact(fact, redaction))
    ports.listen(event)
    warn()
    return kept.then(warn)
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
    lease: undefined,
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
