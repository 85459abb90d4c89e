import type { RunFact, Standing } from '../journal/index.ts'
import { realClock } from './clock.ts'
import type { Ending } from './ending.ts'
import { runChecks } from './flow-checks.ts'
import { runGuide } from './flow-guide.ts'
import { runRunbook } from './flow-runbook.ts'
import { runSingle } from './flow-single.ts'
import type { Run, RunPorts, RunRequest } from './run.ts'
import { redactFact } from './secrets/redact-fact.ts'
import { prepareRedaction } from './secrets/redaction.ts'

/** Runs a procedure in an environment. Everything that happens is an event; a failed step is one, too. */
export async function runProcedure(request: RunRequest, ports: RunPorts): Promise<Ending> {
  const { procedure, environment } = request
  const run = beginRun(request, ports)
  const { clock } = run.ports
  const begun = clock.now()
  const steps = procedure.phases.flatMap(phase => phase.steps)
  run.emit({
    type: 'run.started',
    procedure: procedure.id,
    path: procedure.path,
    title: procedure.title,
    environment: environment.name,
    target: environment.target,
    params: Object.fromEntries(
      procedure.params.flatMap(({ name, secret }) => {
        const value = request.params[name]
        return value === undefined ? [] : [[name, secret ? '[redacted]' : value]]
      }),
    ),
    contentHash: procedure.hash,
    by: request.by,
    mode: request.mode === 'auto' ? 'auto' : 'interactive',
    steps: steps.map(({ id, title, phase, risk }) => ({ id, title, phase, risk })),
  })
  for (const message of request.warnings) run.emit({ type: 'run.warned', message })
  if (steps.some(({ block }) => block.language === 'ts')) ports.worker.warm()
  const ending = await chooseFlow(request)(run)
  const standing = findStanding(run)
  run.emit({
    type: 'run.finished',
    ...ending,
    seconds: Math.round(clock.now() - begun) / 1000,
    standing,
    rollBack: standing.flatMap(({ undoneBy }) => undoneBy ?? []).reverse(),
  })
  return ending
}

function beginRun(request: RunRequest, ports: RunPorts): Run {
  const { procedure, params } = request
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
    values: {},
    suggestions: new Map(),
    taken: [],
    undone: new Set(),
    emit,
  }
}

function chooseFlow({ procedure, only }: RunRequest): (run: Run) => Promise<Ending> {
  if (only !== undefined) return run => runSingle(run, only)
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

/** Measures that are still in force: taken, not taken back, and with a way back on the page or meant to be temporary. */
function findStanding({ request, taken, undone }: Run): Standing[] {
  const all = request.procedure.phases.flatMap(phase => phase.steps)
  return taken.flatMap(({ id, temporary }) => {
    const undoer = all.find(({ undoes }) => undoes === id)
    if (undone.has(id)) return []
    if (undoer) return [{ step: id, undoneBy: undoer.id }]
    return temporary ? [{ step: id }] : []
  })
}
