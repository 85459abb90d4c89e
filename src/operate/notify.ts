import { spawn } from 'node:child_process'
import { formatDuration } from '../base/index.ts'
import type { Environment } from '../environments/index.ts'
import type { AwaitedApproval } from '../runner/index.ts'
import type { Variables } from './ports.ts'

/** Milliseconds that a command or a webhook may take. */
const PATIENCE = 10_000

/**
 * Says that an approval is awaited: to the webhook and to the command that `notify` of `handbook.yaml` names. Rejects with the reasons
 * when one of them did not take it; the other one is told all the same.
 */
export async function notifyOf(
  awaited: AwaitedApproval,
  { command, webhook }: NonNullable<Environment['notify']>,
  { env, folder, signal }: { readonly env: Variables; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  const body = JSON.stringify({ text: describe(awaited), ...awaited })
  const told = await Promise.allSettled([
    ...(webhook === undefined ? [] : [post(webhook, body, signal)]),
    ...(command === undefined ? [] : [call(command, body, { env: { ...env, ...name(awaited) }, folder, signal })]),
  ])
  const problems = told.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
  if (problems.length > 0) throw new Error(problems.map(sayError).join('; '))
}

/** One line for a chat. */
function describe({ by, stepTitle, title, environment, approve, touches, approvers }: AwaitedApproval): string {
  const much = touches === undefined ? '' : `, which touches ${touches}`
  return `${by} waits for an approval in ${environment}: “${stepTitle}”${much}, of “${title}”. ${approvers.join(' or ')}: ${approve}`
}

/** The same as variables, for a command. */
function name(awaited: AwaitedApproval): Record<string, string> {
  const { run, page, step, environment, by, until, approve, approvers } = awaited
  return {
    HANDBOOK_RUN: run,
    HANDBOOK_PAGE: page,
    HANDBOOK_STEP: step,
    HANDBOOK_ENVIRONMENT: environment,
    HANDBOOK_BY: by,
    HANDBOOK_UNTIL: until,
    HANDBOOK_APPROVERS: approvers.join(' '),
    HANDBOOK_APPROVE: approve,
    HANDBOOK_TEXT: describe(awaited),
  }
}

/** The URL may hold a secret, as those of chats do, so that only its host is named. */
async function post(url: string, body: string, signal: AbortSignal): Promise<void> {
  const { host } = new URL(url)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const late = error instanceof Error && error.name === 'TimeoutError'
    const why = late ? `did not answer within ${formatDuration(PATIENCE)}` : `does not answer: ${sayError(cause)}`
    throw new Error(`the webhook on ${host} ${why}`)
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the webhook on ${host} answered ${answer.status}`)
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

/** Runs a command with the message on stdin. Its last line on stderr says why it failed. */
function call(
  command: string,
  input: string,
  { env, folder, signal }: { readonly env: Variables; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn('bash', ['-c', command], {
      cwd: folder,
      env: { ...env },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    let complaint = ''
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It is gone already.
      }
    }
    const settle = (problem?: string) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      end()
      child.stderr.destroy()
      if (problem === undefined) resolve()
      else reject(new Error(`the command of notify ${problem}`))
    }
    const timer = setTimeout(() => settle(`did not end within ${formatDuration(PATIENCE)}`), PATIENCE)
    signal.addEventListener('abort', end)
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      complaint = (complaint + piece).slice(-2000)
    })
    child.on('error', error => settle(`could not be started: ${error.message}`))
    child.on('exit', (code, ended) => {
      const last = complaint.trim().split('\n').at(-1)
      const said = last ? `: ${last}` : ''
      if (code === 0) settle()
      else settle(`${ended === null ? `ended with exit code ${code}` : `was ended by ${ended}`}${said}`)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
