import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration } from '../base/index.ts'
import type { Step } from '../procedure/index.ts'
import type { BlockRequest, BlockResult } from '../worker/index.ts'
import { createRedactor } from './redact.ts'
import type { Run, StepResult } from './run.ts'
import { makeVariables } from './step-variables.ts'

/** Runs one step, with its retries, and says what happened. A failing step is a result, not an exception. */
export async function runStep(run: Run, step: Step): Promise<StepResult> {
  const begun = performance.now()
  for (let attempt = 1; ; attempt++) {
    run.emit({
      type: 'step.started',
      step: step.id,
      title: step.title,
      phase: step.phase,
      risk: step.risk,
      attempt,
      blockHash: step.block.hash,
    })
    const result = await runOnce(run, step, attempt)
    if (result.status === 'failed' && attempt <= step.retries && !run.ports.signal.aborted) {
      run.emit({ type: 'step.retrying', step: step.id, attempt, error: result.error ?? { message: 'failed' } })
      await sleep(step.every, undefined, { signal: run.ports.signal }).catch(() => undefined)
      continue
    }
    if (result.value !== undefined) run.values[step.id] = result.value
    const seconds = (performance.now() - begun) / 1000
    run.emit({ type: 'step.finished', step: step.id, ...result, seconds: Math.round(seconds * 1000) / 1000 })
    return result
  }
}

async function runOnce(run: Run, step: Step, attempt: number): Promise<StepResult> {
  const { worker, signal } = run.ports
  if (signal.aborted) return { status: 'cancelled' }
  const secrets = Object.values(run.request.secrets)
  const redactors = { stdout: createRedactor(secrets), stderr: createRedactor(secrets) }
  const say = (stream: 'stdout' | 'stderr', text: string) => {
    if (text) run.emit({ type: 'step.output', step: step.id, stream, text })
  }
  let ended: 'timed-out' | 'cancelled' | undefined
  const end = (how: 'timed-out' | 'cancelled') => {
    ended ??= how
    void worker.kill()
  }
  const cancel = () => end('cancelled')
  const timer = setTimeout(() => end('timed-out'), step.timeout)
  signal.addEventListener('abort', cancel)
  const result = await worker.run(makeRequest(run, step, attempt), {
    onOutput: (stream, text) => say(stream, redactors[stream].push(text)),
    onReport(report) {
      if (report.type === 'suggested') {
        run.suggestions.set(report.step, report.why)
        run.emit({ type: 'step.suggested', step: step.id, suggests: report.step, why: redact(report.why, secrets) })
      } else {
        const { type: _, ...evidence } = report
        run.emit({ type: 'step.evidence', step: step.id, evidence })
      }
    },
  })
  clearTimeout(timer)
  signal.removeEventListener('abort', cancel)
  say('stdout', redactors.stdout.flush())
  say('stderr', redactors.stderr.flush())
  if (ended === 'cancelled') return { status: 'cancelled' }
  if (ended) return { status: ended, error: { message: `ended after ${formatDuration(step.timeout)}, its timeout` } }
  return clean(result, secrets)
}

function makeRequest({ request, ports, values }: Run, step: Step, attempt: number): BlockRequest {
  const { procedure, environment, cwd, inherited, params } = request
  const folder = join(ports.scratch, `${step.id}.${attempt}`)
  mkdirSync(folder, { recursive: true })
  const mayChange = step.risk !== 'read'
  const secrets = Object.fromEntries(
    Object.entries(request.secrets).filter(([name]) => mayChange || environment.secrets[name]?.for === 'read'),
  )
  const suggestable = listSteps(procedure.phases.filter(({ name }) => name === 'mitigate'))
  const evidenceFolder = join(ports.ledger.folder, 'evidence', step.id)
  const variables = makeVariables({ environment, inherited, params: procedure.params, given: params, values, secrets })
  return {
    step: step.id,
    language: step.block.language,
    code: step.block.code,
    file: procedure.path,
    lines: step.block.lines,
    cwd,
    variables: {
      ...variables,
      HB_FOLDER: folder,
      HB_EVIDENCE: evidenceFolder,
      HB_SUGGESTABLE: suggestable.join(' '),
      ...(mayChange ? { HB_MAY_CHANGE: '1' } : {}),
      ...serviceVariables(environment.services),
    },
    params,
    target: environment.target,
    values,
    steps: listSteps(procedure.phases),
    suggestable,
    services: environment.services,
    hosts: environment.hosts,
    secrets,
    ...(environment.prometheusUrl === undefined ? {} : { prometheusUrl: environment.prometheusUrl }),
    mayChange,
    folder,
    evidenceFolder,
    endMark: `\u0001hb ${randomUUID()}\u0001`,
  }
}

function listSteps(phases: Run['request']['procedure']['phases']): string[] {
  return phases.flatMap(({ steps }) => steps.map(({ id }) => id))
}

function serviceVariables(services: Run['request']['environment']['services']): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const [name, service] of Object.entries(services)) {
    for (const [action, command] of Object.entries(service)) {
      if (command) variables[`HB_SERVICE_${`${name}_${action}`.replaceAll('-', '_').toUpperCase()}`] = command
    }
  }
  return variables
}

function clean(result: BlockResult, secrets: readonly string[]): StepResult {
  const text = redact(JSON.stringify(result), secrets)
  const cleaned: BlockResult = JSON.parse(text)
  return cleaned
}

function redact(text: string, secrets: readonly string[]): string {
  const redactor = createRedactor(secrets)
  return redactor.push(text) + redactor.flush()
}
