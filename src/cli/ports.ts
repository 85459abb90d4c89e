import { hostname, userInfo } from 'node:os'
import { identify } from '../base/index.ts'
import type { Actor } from '../journal/index.ts'
import { demandLab, type Ports, type Practice, type Prompter } from '../operate/index.ts'
import { BUNDLES, findLabFolder } from './paths.ts'
import { complain } from './print.ts'

/** The ports of use cases, for this process. `signal` cancels the use case, `hurry` ends it at once. */
export function createPorts(signal: AbortSignal = new AbortController().signal, hurry?: AbortSignal): Ports {
  const prompter = process.stdin.isTTY && process.stdout.isTTY ? { prompter: createPrompter(signal) } : {}
  const say = (line: string) => complain(`${line}\n`)
  return {
    cwd: process.cwd(),
    env: process.env,
    by: describeActor(),
    bundles: BUNDLES,
    say,
    practice,
    signal,
    ...(hurry === undefined ? {} : { hurry }),
    ...prompter,
  }
}

/** Who runs this, and where. A user without a name, as in many containers, is named by number. */
export function describeActor(): Actor {
  const start = identify(process.pid)?.start
  return { user: nameUser(), host: hostname(), pid: process.pid, ...(start === undefined ? {} : { start }) }
}

function nameUser(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Asks in the terminal, until the signal aborts. */
function createPrompter(ending: AbortSignal): Prompter {
  return {
    async confirm(question, environment, signal) {
      const { promptBeforeStep } = await import('./prompts/ask-about-step.ts')
      return promptBeforeStep(question, environment, signal)
    },
    async afterFailure(step, place, signal) {
      const { promptAfterFailure } = await import('./prompts/ask-about-step.ts')
      return promptAfterFailure(step, place, signal)
    },
    async name(account, signal) {
      const { askName } = await import('./prompts/ask-about-step.ts')
      return askName(account, signal)
    },
    async accept(changes, question) {
      const { askToAccept } = await import('./prompts/ask-about-step.ts')
      return askToAccept(changes, question, ending)
    },
    async interrupted(step) {
      const { askInterrupted } = await import('./prompts/ask-about-step.ts')
      return askInterrupted(step, ending)
    },
    async params(params, defaults) {
      const { askParams } = await import('./prompts/ask-params.ts')
      return askParams(params, defaults, ending)
    },
  }
}

/** The practice deployment that `handbook lab up` keeps running. Its code is loaded only when it is needed, so that other runs start sooner. */
export const practice: Practice = {
  async connect(handbook) {
    const { labEnvironment } = await import('../lab-port/index.ts')
    const lab = await demandLab(handbook)
    const status = await lab.status(findLabFolder(handbook.root))
    return status && labEnvironment(status)
  },
}
