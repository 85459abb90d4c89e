import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatDuration, identify } from '../base/index.ts'
import type { BlockListener, BlockRequest, BlockResult } from '../execute/index.ts'
import type { RunFact, StepResult } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Piece } from '../secrets/index.ts'
import { askCredentials } from './ask-credentials.ts'
import { emptyEvidenceFolder, keepEvidence } from './keep-evidence.ts'
import { keepLastLine, keepOutput } from './keep-output.ts'
import { findNameFault, makeRequest } from './make-request.ts'
import type { Run } from './run.ts'
import { takeTurns } from './take-turns.ts'

/** The longest time that a timer can be set to. */
const FOREVER = 2 ** 31 - 1

/** Runs one step, with its retries, and says what happened. A failing step is a result, not an exception. */
export async function runStep(run: Run, step: Step): Promise<StepResult> {
  const { clock, signal } = run.ports
  const begun = clock.now()
  forget(run, step)
  for (let attempt = 1; ; attempt++) {
    const { id, title, phase, risk, block } = step
    await run.emit({ type: 'step.started', step: id, title, phase, risk, attempt, blockHash: block.hash })
    let result = await runBesideLooking(run, step, attempt)
    if (result.status === 'failed' && result.begun !== false && attempt <= step.retries && !signal.aborted) {
      void run.emit({ type: 'step.retrying', step: id, attempt, error: result.error ?? { message: 'failed' } })
      if (block.language === 'ts') run.ports.executor.warm()
      await clock.sleep(step.every, signal)
      if (!signal.aborted) continue
      result = { status: 'cancelled' }
    }
    const seconds = Math.round(clock.now() - begun) / 1000
    await run.emit({ type: 'step.finished', step: id, ...result, seconds })
    return result
  }
}

/** Characters that are searched for secrets at once: with a secret that repeats itself, in output that does, each costs much. */
const SLICE = 1024

function* slicesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    // A character of two halves stays whole.
    const isHalf = (text.charCodeAt(from + SLICE - 1) & 0xfc00) === 0xd800
    const to = from + (isHalf ? SLICE - 1 : SLICE)
    yield text.slice(from, to)
    from = to
  }
}

function untilAborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort')
}

/** What an earlier try of the same step has said does not hold any more. */
function forget(run: Run, { id }: Step): void {
  delete run.values[id]
  run.suggestions = run.suggestions.filter(({ by }) => by !== id)
}

/** Milliseconds for which a step that says nothing has the processor to itself. */
const QUIET = 100

/** Runs a step, and tells what others left and run once it has said its first word: until then, nothing keeps that word from the reader. */
async function runBesideLooking(run: Run, step: Step, attempt: number): Promise<StepResult> {
  const spoken = new AbortController()
  const ended = runOnce(run, step, attempt, () => spoken.abort()).finally(() => spoken.abort())
  await sleep(QUIET, undefined, { signal: spoken.signal }).catch(() => undefined)
  const [result] = await Promise.all([ended, run.tellOthers()])
  return result
}

async function runOnce(run: Run, step: Step, attempt: number, hasSpoken: () => void): Promise<StepResult> {
  const { executor, signal, hurry } = run.ports
  if (signal.aborted) return { status: 'cancelled', begun: false }
  const issued = await askCredentials(run, step)
  if ('refused' in issued) return issued.refused
  const request = tryToMakeRequest(run, step, attempt, issued.credentials)
  if ('status' in request) return request
  const streams = run.redaction.streams()
  const complaint = keepLastLine()
  const output = keepOutput({ emit: run.emit, writer: run.ports.writer }, step.id, attempt)
  /** Suggestions that came while a line was held back: they are told behind it. */
  let untold: readonly RunFact[] = []
  const say = (pieces: readonly Piece[]) => {
    for (const { stream, text } of pieces) if (stream === 'stderr') complaint.push(text)
    output.push(pieces)
    if (streams.holds) return
    for (const event of untold) void run.emit(event)
    untold = []
  }
  let ended: 'timed-out' | 'cancelled' | undefined
  const end = (how: 'timed-out' | 'cancelled') => {
    ended ??= how
    void executor.end(hurry)
  }
  const cancel = () => end('cancelled')
  const timer = setTimeout(() => end('timed-out'), Math.min(step.timeout, FOREVER))
  signal.addEventListener('abort', cancel)
  const turns = takeTurns()
  /** Characters of output that were not searched for secrets yet. */
  let unseen = 0
  const hear = (report: Parameters<BlockListener['onReport']>[0]) => {
    if (report.type === 'suggested') {
      run.suggestions = [...run.suggestions, { step: report.step, by: step.id, why: run.redaction.text(report.why) }]
      untold = [...untold, { type: 'step.suggested', step: step.id, suggests: report.step, why: report.why }]
      say([])
    } else if (report.type === 'silenced') {
      void run.emit({ type: 'step.silenced', step: step.id, ...report.silence })
    } else {
      const { type: _, ...evidence } = report
      void run.emit({ type: 'step.evidence', step: step.id, evidence: keepEvidence(run, request, evidence) })
    }
  }
  const listener: BlockListener = {
    onSupervised(pid) {
      const process = identify(pid)
      if (process) void run.emit({ type: 'step.supervised', step: step.id, process })
    },
    onOutput(stream, text) {
      for (const slice of slicesOf(text)) {
        unseen += slice.length
        turns.add(() => {
          unseen -= slice.length
          say(streams.push(stream, slice))
          hasSpoken()
        })
      }
    },
    onReport: report => turns.add(() => hear(report)),
  }
  const running = executor.run(request, listener).catch(failForRoom)
  // Meanwhile the process of the next ts block starts: each has its own.
  if (isFollowedByTypeScript(run, step)) executor.warm()
  const result = demandNames(await running, step, run)
  // A suggestion may wait when all output was searched already.
  const waiting = turns.settle()
  if (waiting) await Promise.race([waiting, untilAborted(signal)])
  clearTimeout(timer)
  signal.removeEventListener('abort', cancel)
  turns.leave()
  say(streams.flush(ended !== undefined || unseen > 0))
  // Whoever stops the run does not wait until all of it was searched, and nothing is shown that was not.
  if (unseen > 0)
    say([
      { stream: 'stderr', text: `\n${unseen} characters of output were not searched for secrets, and are left out\n` },
    ])
  output.end()
  emptyEvidenceFolder(run, request)
  if (ended === 'cancelled') return { status: 'cancelled' }
  if (ended) return { status: ended, error: { message: `ended after ${formatDuration(step.timeout)}, its timeout` } }
  return explainTerminal(step.block.language === 'bash' ? addComplaint(result, complaint.read(), request.file) : result)
}

/** Whether a ts block may come after this one. */
function isFollowedByTypeScript({ request: { procedure, only } }: Run, step: Step): boolean {
  const steps = procedure.phases.flatMap(({ steps }) => steps)
  const isLater = (other: Step) => other.block.language === 'ts' && steps.indexOf(other) > steps.indexOf(step)
  return step.block.language === 'ts' && only === undefined && steps.some(isLater)
}

/** A block has a folder to hand things over in, and where there is no room for one it is not begun. */
function tryToMakeRequest(
  run: Run,
  step: Step,
  attempt: number,
  credentials: Readonly<Record<string, string>>,
): BlockRequest | StepResult {
  try {
    return makeRequest(run, step, attempt, credentials)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const hint = 'Make room on that disk, or set TMPDIR to a folder on another one'
    return {
      status: 'failed',
      begun: false,
      error: { message: `there is no folder in which it could hand anything over: ${why}`, hint },
    }
  }
}

/** A value of which bash would read only a part fails the step that gives it. */
function demandNames(result: BlockResult, { id }: Step, { values }: Run): BlockResult {
  if (!('value' in result) || result.value === undefined) return result
  const error = findNameFault(id, result.value, values)
  return error ? { ...(result.left ? { left: result.left } : {}), status: 'failed', error } : result
}

/** A disk that took nothing is no defect of ours. */
function failForRoom(error: unknown): BlockResult {
  const codes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']
  if (!(error instanceof Error && 'code' in error && codes.some(code => code === error.code))) throw error
  return { status: 'failed', error: { message: `what it needs could not be written: ${error.message}` } }
}

/** What programs say when they want a terminal, or somebody in front of it. */
const WANTS_TERMINAL =
  /terminal is required|has no terminal|no tty present|not a (?:tty|terminal)|not (?:from|to) a terminal|\/dev\/tty|failed tty get|TERM environment variable|Inappropriate ioctl|open(?:ing)? terminal|no askpass|Host key verification failed|Permission denied \([\w,-]*(?:password|publickey|keyboard-interactive)|password is required|Vim: Error reading input|exit code 1: [^;|]*\bread\b(?: -\w+)* /

/** A block has no terminal, so a command that asks there fails: the record says why, and what to do instead. */
function explainTerminal(result: BlockResult): BlockResult {
  if (result.status !== 'failed' || result.error.hint !== undefined || !WANTS_TERMINAL.test(result.error.message))
    return result
  const hint =
    'A step has no terminal, so no command can ask anybody there. Give it what it needs before: a parameter, a secret, sudo -n, ssh -o BatchMode=yes'
  return { ...result, error: { ...result.error, hint } }
}

/** bash knows only its exit code: what was said last on stderr tells more. The place that bash put before it is known already. */
function addComplaint(result: BlockResult, complaint: string | undefined, file: string): BlockResult {
  if (result.status !== 'failed' || complaint === undefined) return result
  const prefix = `${file}: line `
  const said = complaint.startsWith(prefix) ? complaint.slice(prefix.length).replace(/^\d+: /, '') : complaint
  return { ...result, error: { ...result.error, message: `${result.error.message}: ${said}` } }
}
