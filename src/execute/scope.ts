import { accessSync, constants, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { parseDuration } from '../base/index.ts'
import type { ServiceAction } from '../environments/index.ts'
import type { Json } from '../journal/index.ts'
import type { HttpAnswer, HttpOptions, ServiceAnswer, Span, Verbs, WaitOptions } from '../procedure/index.ts'
import { askPrometheus } from './ask-prometheus.ts'
import { writeJson } from './json.ts'
import { runService } from './local/run-service.ts'
import type { BlockRequest, Report } from './protocol.ts'
import { silenceAlerts } from './silence-alerts.ts'

/** The names of ours that a ts block finds in scope. */
export const BLOCK_SCOPE: readonly (keyof Scope)[] = [
  'params',
  'target',
  'steps',
  'suggest',
  'ruleOut',
  'skip',
  'evidence',
  'waitFor',
  'assertHost',
  'service',
  'silence',
  'prom',
  'http',
  'secret',
]

/** Everything of ours that a ts block finds in scope, but `expect`, which is a global that comes when it is used. */
type Scope = Omit<Verbs, 'expect'> & {
  readonly params: BlockRequest['params']
  readonly target: BlockRequest['target']
  readonly steps: BlockRequest['values']
}

/** The scope of one block. `end` notes how the block asked to be ended, even if its own code catches the signal. */
export function createScope(
  request: BlockRequest,
  tell: (report: Report) => void,
  end: (signal: BlockSignal) => BlockSignal,
): Scope {
  return {
    params: request.params,
    target: request.target,
    steps: guardSteps(request, end),
    suggest(step, why) {
      if (!request.suggestable.includes(step)) {
        throw new TypeError(
          `suggest: this page has no step ${step} in Mitigate (it has: ${request.suggestable.join(', ')})`,
        )
      }
      tell({ type: 'suggested', step, why })
    },
    ruleOut(why) {
      throw end(new BlockSignal('ruled-out', why))
    },
    skip(why) {
      throw end(new BlockSignal('skipped', why))
    },
    async evidence(name, what) {
      tell({ type: 'evidence', name, ...keepIfPossible(name, what, request.evidenceFolder) })
    },
    waitFor,
    assertHost(host) {
      const allowed = host === undefined ? request.hosts : [host]
      if (allowed.length > 0 && !allowed.includes(hostname())) {
        throw new Error(`this machine is ${hostname()}, not ${allowed.join(' or ')}`)
      }
    },
    service: (name, action) => askService(request, name, action),
    async silence(alerts, span, why) {
      const names = typeof alerts === 'string' ? [alerts] : alerts
      tell({ type: 'silenced', silence: await silenceAlerts(request.silencing, names, span, why) })
    },
    prom: query => askPrometheus(request.prometheusUrl, query),
    http: ask,
    secret(name) {
      const value = request.secrets[name]
      if (value === undefined) throw new Error(`there is no secret ${name} for a step of this risk in this environment`)
      return value
    },
  }
}

function guardSteps(
  { values, steps }: BlockRequest,
  end: (signal: BlockSignal) => BlockSignal,
): BlockRequest['values'] {
  return new Proxy(values, {
    get(_, id) {
      if (typeof id !== 'string') return undefined
      if (Object.hasOwn(values, id)) return values[id]
      if (!steps.includes(id)) throw new TypeError(`this page has no step ${id} (it has: ${steps.join(', ')})`)
      throw end(new BlockSignal('blocked', `the step ${id} gave no value`))
    },
  })
}

/** A disk without room ends no repair: the record says that this is not there. */
function keepIfPossible(name: string, what: unknown, folder: string): ReturnType<typeof keep> {
  try {
    return keep(name, what, folder)
  } catch (error) {
    // Half a file would be taken for a whole one.
    rmSync(join(folder, nameFile(name)), { force: true })
    const full = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']
    if (error instanceof Error && 'code' in error && full.some(code => code === error.code))
      return { problem: error.message }
    throw error
  }
}

function keep(
  name: string,
  what: unknown,
  folder: string,
): Omit<Extract<Report, { type: 'evidence' }>, 'type' | 'name'> {
  const file = nameFile(name)
  mkdirSync(folder, { recursive: true })
  if (typeof what === 'object' && what !== null && 'file' in what && typeof what.file === 'string') {
    const from = what.file
    accessSync(from, constants.R_OK)
    replace(join(folder, file), to => copyFileSync(from, to))
    return { file }
  }
  if (typeof what === 'string' || what instanceof Uint8Array) {
    replace(join(folder, file), to => writeFileSync(to, what))
    return { file }
  }
  return { value: toJson(what, name) ?? null }
}

/** Writes a file, in place of one that a colleague left who ran the step before, and that only they may write. */
function replace(path: string, write: (path: string) => void): void {
  try {
    write(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error
    rmSync(path, { force: true })
    write(path)
  }
}

function nameFile(name: string): string {
  return name.slice(0, 120).replace(/[^\w.-]+/g, '-')
}

async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const timeout = toMilliseconds(options.timeout ?? '30s')
  const deadline = performance.now() + timeout
  for (;;) {
    const value = await condition()
    if (value) return value
    if (performance.now() > deadline) {
      throw new Error(`${options.what ?? 'what was waited for'} did not come within ${timeout / 1000} s`)
    }
    await new Promise(resolve => setTimeout(resolve, toMilliseconds(options.every ?? '1s')))
  }
}

async function askService(request: BlockRequest, name: string, action: ServiceAction): Promise<ServiceAnswer> {
  if (!request.mayChange && action !== 'status' && action !== 'logs')
    throw new Error(`a read step may not ${action} ${name}`)
  const command = request.services[name]?.[action]
  if (command === undefined) throw new Error(`this environment does not say how to ${action} ${name}`)
  const answer = await runService(command, action, request)
  if (answer.exitCode !== 0)
    throw new Error(
      [`${action} of ${name} ended with exit code ${answer.exitCode}`, command, answer.stderr.trim()]
        .filter(Boolean)
        .join(': '),
    )
  return answer
}

/** Node's own: in a block, `fetch` is zx's. */
const nativeFetch = globalThis.fetch

async function ask(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { method, headers, body, timeout = '10s' } = options
  const answer = await nativeFetch(url, {
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    signal: AbortSignal.timeout(toMilliseconds(timeout)),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    throw new Error(`${url} did not answer: ${cause}`, { cause: error })
  })
  const text = await answer.text()
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: text,
    json: () => JSON.parse(text),
  }
}

function toMilliseconds(span: Span): number {
  if (typeof span === 'number') return span
  const parsed = parseDuration(span)
  if (parsed === undefined) throw new TypeError(`${span} is not a duration such as 30s`)
  return parsed
}

/** Thrown by `ruleOut`, `skip` and by reading what is not there: ends the block, and says how. */
export class BlockSignal extends Error {
  override readonly name = 'BlockSignal'
  readonly status: 'ruled-out' | 'skipped' | 'blocked'

  constructor(status: 'ruled-out' | 'skipped' | 'blocked', reason: string) {
    super(reason)
    this.status = status
  }
}

/** A value as it is kept and handed on. Throws a `TypeError` that names what JSON cannot hold. */
export function toJson(value: unknown, name?: string): Json | undefined {
  const text = writeJson(value, name)
  return text === undefined ? undefined : JSON.parse(text)
}
