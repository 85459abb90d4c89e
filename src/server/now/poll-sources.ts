import { setTimeout as sleep } from 'node:timers/promises'
import { type Alert, listAlerts, queryPrometheus } from '../../alerts/index.ts'
import type { Environment } from '../../environments/index.ts'
import type { Source } from '../../wire/index.ts'

/** Milliseconds between two questions, that each may take, and of silence after which nothing is said any more. */
export const EVERY = 5000
const PATIENCE = 4000
export const BLIND_AFTER = 30_000

/** An alert that fires for Prometheus: it may be that nobody else heard of it. */
export interface FiringRule {
  readonly labels: Readonly<Record<string, string>>
  readonly since: Date
}

/** What the sources of an environment said last. */
export interface Heard {
  readonly sources: readonly Source[]
  readonly blind: boolean
  /** Of Alertmanager, and of Prometheus; nothing as long as they have not answered. */
  readonly alerts: readonly Alert[] | undefined
  readonly rules: readonly FiringRule[] | undefined
}

/** Asks the sources of an environment again and again. */
export interface SourcePoll {
  readonly heard: () => Heard
  /** Asks them now. Resolves when they have answered, or have not. */
  ask(): Promise<void>
  /** Asks until the signal aborts. */
  start(signal: AbortSignal): Promise<void>
}

interface Asked<T> {
  asked: boolean
  answered?: Date
  why?: string
  said?: T
}

/**
 * Polls Prometheus and Alertmanager. What one of them said last stays, with its time: whoever reads it must look at that. An environment
 * that cannot be had, such as a lab that is down, is one that does not answer.
 */
export function pollSources(
  resolve: () => Promise<Environment>,
  heard: () => void,
  now: () => Date = () => new Date(),
): SourcePoll {
  const began = now()
  const alertmanager: Asked<readonly Alert[]> = { asked: true }
  const prometheus: Asked<readonly FiringRule[]> = { asked: true }
  let deployment: string | undefined
  const ask = async () => {
    const environment = await resolve().catch((error: unknown) => say(error))
    if (typeof environment === 'string') {
      for (const source of [alertmanager, prometheus]) if (source.asked) source.why = environment
      return heard()
    }
    // What another deployment of this name said is not so here.
    if (deployment !== environment.deployment) for (const source of [alertmanager, prometheus]) forget(source)
    deployment = environment.deployment
    // What always fires needs nobody.
    const always = environment.deadMansSwitch?.alert
    const needsSomebody = ({ labels }: Pick<Alert, 'labels'>) => labels.alertname !== always
    const listNeeded = async (url: string, signal: AbortSignal) =>
      (await listAlerts(url, {}, signal)).filter(needsSomebody)
    const listNeededRules = async (url: string, signal: AbortSignal) =>
      (await listRules(url, signal)).filter(needsSomebody)
    await Promise.all([
      askOne(alertmanager, environment.alertmanagerUrl, listNeeded, now),
      askOne(prometheus, environment.prometheusUrl, listNeededRules, now),
    ])
    heard()
  }
  const isSilent = ({ asked, answered }: Asked<unknown>) =>
    asked && now().getTime() - (answered ?? began).getTime() > BLIND_AFTER
  return {
    ask,
    heard: () => ({
      sources: [describe('Prometheus', prometheus), describe('Alertmanager', alertmanager)],
      blind: isSilent(prometheus) || isSilent(alertmanager),
      alerts: alertmanager.said,
      rules: prometheus.said,
    }),
    async start(signal) {
      while (!signal.aborted) {
        await ask()
        await sleep(EVERY, undefined, { signal, ref: false }).catch(() => undefined)
      }
    },
  }
}

async function askOne<T>(
  source: Asked<T>,
  url: string | undefined,
  question: (url: string, signal: AbortSignal) => Promise<T>,
  now: () => Date,
): Promise<void> {
  source.asked = url !== undefined
  if (url === undefined) return forget(source)
  try {
    source.said = await question(url, AbortSignal.timeout(PATIENCE))
    source.answered = now()
    delete source.why
  } catch (error) {
    source.why = say(error)
  }
}

function forget(source: Asked<unknown>): void {
  delete source.answered
  delete source.why
  delete source.said
}

/** Alerts that fire, and since when their condition holds. */
async function listRules(url: string, signal: AbortSignal): Promise<readonly FiringRule[]> {
  const samples = await queryPrometheus(
    url,
    'ALERTS_FOR_STATE and ignoring(alertstate) ALERTS{alertstate="firing"}',
    signal,
  )
  return samples.map(({ labels: { __name__: _, ...labels }, value }) => ({ labels, since: new Date(value * 1000) }))
}

function describe(name: Source['name'], { asked, answered, why }: Asked<unknown>): Source {
  return {
    name,
    asked,
    ...(answered ? { answered: answered.toISOString() } : {}),
    ...(why === undefined ? {} : { why }),
  }
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
