import { askFiring, askFiringOf, type FiringAlert, type FiringAnswer } from '../../alerts/index.ts'
import type { Handbook } from '../../environments/index.ts'
import { UsageError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { resolveEnvironment } from './open-environment.ts'
import { demandHandbook, readProcedures } from './open-handbook.ts'

export { nameAnswered } from '../../alerts/index.ts'

/** Milliseconds that Alertmanager gets to answer. */
const PATIENCE = 2000

/** An alert that fires, and the page that answers it. */
export interface AnsweredAlert extends FiringAlert {
  readonly page?: { readonly id: string; readonly title: string }
}

/** What fires in an environment, or why nobody knows. */
export type FiringThere = { readonly environment: string } & (
  | { readonly firing: readonly AnsweredAlert[]; readonly at: string }
  | { readonly why: string }
)

/** The alerts that fire in an environment now, quiet ones last. Throws a `UsageError` for one that there is not, or that has no Alertmanager. */
export async function listFiringThere(
  environment: string | undefined,
  { cwd, practice }: Pick<Ports, 'cwd' | 'practice'>,
): Promise<FiringThere> {
  const handbook = await demandHandbook(cwd)
  const { name, alertmanagerUrl, deadMansSwitch } = await resolveEnvironment(handbook, environment, practice)
  const answer = await askFiring(alertmanagerUrl, {}, AbortSignal.timeout(PATIENCE))
  if (answer.asked === 'nobody')
    throw new UsageError(
      `${name} has no Alertmanager that could be asked`,
      `Add alertmanagerUrl to ${name} in handbook.yaml`,
    )
  if (answer.asked === 'no-answer') return { environment: name, why: answer.why }
  const pages = await readProcedures(handbook)
  // What always fires needs nobody: its silence does, and its page tells of that.
  const needed = answer.firing.filter(alert => alert.name !== deadMansSwitch?.alert)
  const firing = needed.map(alert => {
    const page = pages.find(({ alerts }) => alerts.includes(alert.name))
    return { ...alert, ...(page ? { page: { id: page.id, title: page.title } } : {}) }
  })
  return { environment: name, firing, at: answer.at ?? new Date().toISOString() }
}

/** Whether alerts fire somewhere. `environment` is missing when nobody said where, and no lab runs. */
export type AlertsThere = FiringAnswer & { readonly environment?: string }

/** Asks whether these alerts fire in an environment. Throws a `UsageError` for an environment that was named, and that there is not. */
export async function askAlertsThere(
  alerts: readonly string[],
  handbook: Handbook | undefined,
  environment: string | undefined,
  practice: Ports['practice'],
): Promise<AlertsThere> {
  const where = await resolveEnvironment(handbook, environment, practice).catch(error => {
    if (environment === undefined && error instanceof UsageError) return undefined
    throw error
  })
  if (where === undefined) return { asked: 'nobody' }
  const answer = await askFiringOf(alerts, where, AbortSignal.timeout(PATIENCE))
  const mine =
    answer.asked === 'answered'
      ? { ...answer, firing: answer.firing.filter(({ name }) => alerts.includes(name)) }
      : answer
  return { environment: where.name, ...mine }
}
