import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { LookOrder, OrderAnswer, RunOrder, TakeUpOrder } from '../../operate/index.ts'
import { Refused } from '../refusal.ts'
import type { ServerOptions } from '../server-parts.ts'

/** Milliseconds that a runner may take until it says whether it begins: it may have to read a secret from a command that asks a person. */
const PATIENCE = 90_000

/** The last characters of what a runner says that fails. */
const SAID = 2000

/**
 * Starts a process that runs one page, and waits until it says whether the run begins. From then on it is on its own: in a session of its
 * own, with no pipe to this process, which may end. Throws when it does not begin.
 */
export async function startRunner(
  order: RunOrder | TakeUpOrder | LookOrder,
  { command, args, env }: ServerOptions['runner'],
  cwd: string,
): Promise<OrderAnswer> {
  const child = spawn(command, [...args], { cwd, env: { ...env }, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID)
  })
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined)
  const fail = (why: string) =>
    new Refused(500, 'The run could not be started', `${why}${said === '' ? '' : `: ${said.trim()}`}`)
  const answered = new Promise<OrderAnswer>((resolve, reject) => {
    child.on('error', error => reject(fail(error.message)))
    child.on('close', code => reject(fail(`its runner ended with exit code ${code}`)))
    createInterface({ input: child.stdout }).once('line', line => resolve(JSON.parse(line)))
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      child.kill()
      reject(fail('its runner did not begin'))
    }, PATIENCE)
  })
  child.stdin.end(JSON.stringify(order))
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
    answered.catch(() => undefined)
    child.stdout.destroy()
    child.stderr.destroy()
    child.unref()
  }
}
