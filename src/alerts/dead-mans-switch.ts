import { askFiring, type FiringAlert, type FiringAnswer } from './firing.ts'

/** What waits for an alert that always fires. `url` answers 2xx while the alert arrives, and 503 when it stopped. */
interface Switch {
  readonly alert: string
  readonly url: string
}

/** Whom to ask for alerts. */
interface Sources {
  readonly alertmanagerUrl?: string
  readonly deadMansSwitch?: Switch
}

/**
 * Whether the alert that always fires has stopped to arrive. Throws when the switch does not answer, or answers something else: then it is
 * unknown.
 */
export async function isSilent({ url }: Pick<Switch, 'url'>, signal?: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(5000)
  const { ok, status } = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit }).catch(
    cause => {
      throw new Error(`the dead man’s switch at ${new URL(url).origin} does not answer`, { cause })
    },
  )
  if (ok) return false
  if (status === 503) return true
  throw new Error(`the dead man’s switch at ${new URL(url).origin} answered ${status}`)
}

/**
 * Asks which of these alerts fire. The one that always fires tells nothing by firing: the dead man's switch is asked for it, and it counts
 * as firing when it stopped to arrive. Alertmanager is not asked for that one, because it may be what is down.
 */
export async function askFiringOf(
  alerts: readonly string[],
  { alertmanagerUrl, deadMansSwitch }: Sources,
  signal?: AbortSignal,
): Promise<FiringAnswer> {
  if (deadMansSwitch === undefined || !alerts.includes(deadMansSwitch.alert))
    return askFiring(alertmanagerUrl, {}, signal)
  const { alert, url } = deadMansSwitch
  const at = new Date().toISOString()
  const silence: FiringAlert = { name: alert, labels: { alertname: alert } }
  const heard = await isSilent(deadMansSwitch, signal).then(
    (silent): FiringAnswer => ({
      asked: 'answered',
      firing: silent ? [silence] : [],
      silenceOf: alert,
      at,
      from: new URL(url).origin,
    }),
    (error): FiringAnswer => ({ asked: 'no-answer', why: error instanceof Error ? error.message : String(error), at }),
  )
  if (heard.asked !== 'answered' || alerts.every(name => name === alert)) return heard
  const answer = await askFiring(alertmanagerUrl, {}, signal)
  if (answer.asked !== 'answered') return answer
  const others = answer.firing.filter(({ name }) => name !== alert)
  return { ...answer, firing: [...heard.firing, ...others], silenceOf: alert }
}
