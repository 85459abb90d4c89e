import type { Keeping, RunFact, RunHistory, Verdict } from '../journal/index.ts'
import { prepareRedaction } from '../secrets/index.ts'
import { recordClaim } from './approval/who-runs.ts'
import { addStartAlert } from './ask-alerts.ts'
import { describeMeta, describeParams, describeSurroundings, listKept } from './compare-with-record.ts'
import { runCheap } from './flow-cheap.ts'
import { runChecks, runGuide, runSingle } from './flow-guide.ts'
import { findUnreverted, listTaken, listUndone, runRollBack } from './flow-roll-back.ts'
import { runRunbook } from './flow-runbook.ts'
import { askForEarlier, recordEarlier, tellBeside, waitALittle, warnOfEarlier } from './other-runs.ts'
import { redactFact } from './redact-fact.ts'
import { type Run, type RunPorts, type RunRequest, realClock } from './run.ts'
import { endSilences } from './silences.ts'

/**
 * Runs a procedure in an environment, or resumes an interrupted run. Then the flow is taken again with what is recorded of it, and only
 * what comes after that happens. Everything that happens is an event; a failed step is one, too.
 */
export async function runProcedure(request: RunRequest, ports: RunPorts): Promise<Verdict> {
  const over = new AbortController()
  const run = beginRun(request, { ...ports, signal: heedRequests(ports, over.signal) })
  const { clock } = run.ports
  const begun = clock.now()
  const noting = new AbortController()
  const noted = recordNotes(run, noting.signal)
  void run.emit(request.resumes ? describeResumption(request, request.resumes.history) : describeStart(request))
  recordClaim(run)
  for (const message of request.warnings) void run.emit({ type: 'run.warned', message })
  if (request.procedure.phases.some(({ steps }) => steps.some(({ block }) => block.language === 'ts')))
    ports.executor.warm()
  try {
    const ending = await addStartAlert(run, await chooseFlow(request)(run))
    await run.tellOthers()
    if (run.wantsRollBack) {
      run.unasked = true
      await runRollBack(run)
    }
    await endSilences(run)
    const { standing, cures } = findUnreverted(run)
    const earlier = await waitALittle(
      askForEarlier(run).catch(() => undefined),
      undefined,
    )
    noting.abort()
    await noted
    await run.emit({
      type: 'run.finished',
      ...ending,
      seconds: Math.round(clock.now() - begun) / 1000,
      standing,
      ...(cures.length === 0 ? {} : { cures }),
      rollBack: standing.flatMap(({ undoneBy }) => undoneBy ?? []).reverse(),
      ...(earlier === undefined ? {} : recordEarlier(earlier)),
    })
    return ending
  } finally {
    over.abort()
    noting.abort()
    await run.lease?.release().catch(() => undefined)
  }
}

/** Records what people write down while the run goes on. */
async function recordNotes({ ports, emit }: Run, signal: AbortSignal): Promise<void> {
  for await (const { text, by, key } of ports.writer.notes(signal)) void emit({ type: 'run.noted', text, by, key })
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
    ...(environment.deployment === undefined ? {} : { deployment: environment.deployment }),
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
    steps: steps.map(step => {
      const { id, title, phase, risk, block } = step
      return { id, title, phase, risk, blockHash: block.hash, meta: describeMeta(step) }
    }),
    kind: procedure.kind,
    declared: describeParams(procedure),
    surroundings: describeSurroundings(environment),
    ...(request.given === undefined ? {} : { given: request.given }),
    cwd: request.cwd,
    ...(request.only === undefined ? {} : { only: request.only }),
    ...(request.from === undefined ? {} : { from: request.from }),
    ...(request.rollsBack === undefined
      ? {}
      : { rollsBack: request.rollsBack.run, rollsBackFrom: request.rollsBack.from }),
    ...(request.breakGlass === undefined ? {} : { breakGlass: request.breakGlass }),
    ...(request.unrecorded === undefined ? {} : { unrecorded: request.unrecorded }),
    ...(request.alert === undefined ? {} : { alert: request.alert }),
    ...(request.unasked ? { unasked: true } : {}),
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
    ...(resumes?.accepted?.length ? { accepted: resumes.accepted } : {}),
  }
}

function beginRun(request: RunRequest, ports: RunPorts): Run {
  const { procedure, params, resumes, rollsBack } = request
  const past = (rollsBack ?? resumes)?.history
  const hidden = procedure.params.flatMap(({ name, secret }) => (secret ? String(params[name] ?? '') : []))
  const secrets = [...Object.values(request.secrets), ...hidden]
  let last = ports.writer.keeping
  const told = new Set<string>()
  const warn = () => {
    const now = ports.writer.keeping
    const message = describeKeeping(now)
    if ((now.at === last.at && now.why === last.why) || told.has(message)) return
    last = now
    told.add(message)
    void emit({ type: 'run.warned', message })
  }
  const emit = (fact: RunFact): Promise<void> => {
    const { event, kept } = ports.writer.append(redactFact(fact, run.redaction))
    ports.listen(event)
    warn()
    return kept.then(warn)
  }
  let others: Promise<unknown> | undefined
  const run: Run = {
    request,
    ports: { ...ports, clock: ports.clock ?? realClock },
    redaction: prepareRedaction(secrets),
    hide(secret) {
      if (secrets.includes(secret)) return
      secrets.push(secret)
      run.redaction = prepareRedaction(secrets)
    },
    values: { ...(request.given ?? resumes?.history.started.given), ...rollsBack?.history.values },
    suggestions: resumes?.history.suggestions ?? [],
    recorded: new Map(resumes ? listKept(resumes.history) : []),
    half: new Set(resumes?.history.open),
    taken: past ? listTaken(procedure, past) : [],
    undone: listUndone(procedure, past),
    approvals: new Map(),
    plans: new Map(
      [...(resumes?.history.plans ?? [])].map(([id, plan]) => [id, { ...plan, until: new Date(plan.until) }]),
    ),
    person: undefined,
    found: new Map(),
    evidence: new Map(),
    opened: 0,
    unasked: false,
    wantsRollBack: false,
    lease: undefined,
    today: () => ports.clock?.today?.() ?? new Date(),
    emit,
    tellOthers() {
      others ??= Promise.all([warnOfEarlier(run), tellBeside(run)])
      return others
    },
  }
  return run
}

/** Where the record is, for whoever reads the run; always the same words, so that they are told once. */
function describeKeeping(keeping: Keeping): string {
  const { at, why } = keeping
  switch (at) {
    case 'ledger':
      return why === undefined ? 'the record of this run is complete again' : `the record may not be on disk: ${why}`
    case 'reserve':
      return `the record of this run goes on in the room that it had reserved: ${why}`
    case 'elsewhere':
      return `the record of this run goes on in ${keeping.file}: ${why}`
    case 'nowhere':
      return `this run is not recorded any more: ${why}`
    default:
      return keeping satisfies never
  }
}

function chooseFlow({ procedure, only, rollsBack, unasked }: RunRequest): (run: Run) => Promise<Verdict> {
  if (unasked) return runCheap
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
