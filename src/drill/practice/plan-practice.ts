import { randomUUID } from 'node:crypto'
import type { Handbook } from '../../environments/index.ts'
import type { Lab } from '../../lab-port/index.ts'
import { demandFault, demandLab, guess, readProcedures, UsageError } from '../../operate/index.ts'
import type { Drill, Procedure } from '../../procedure/index.ts'
import { shuffle } from '../chance.ts'

/** A page that heals a fault, as one of its drills says. */
export interface Cure {
  readonly page: Pick<Procedure, 'id' | 'title'>
  readonly drill: Drill
}

/** A fault to practise on. */
export interface PracticePlan {
  readonly fault: string
  readonly title: string
  readonly cures: readonly Cure[]
  /** The alerts by which somebody is paged. */
  readonly alerts: readonly string[]
}

/** What is asked for: a fault, or a surprise. */
export interface WantedPractice {
  readonly fault: string | undefined
  /** With a seed, the same surprise each time. */
  readonly surprise: { readonly seed?: string } | undefined
  /** The environment, when one was named. */
  readonly environment: string | undefined
}

/** Where somebody practises, and the faults to try, the first of which this lab can bring about is taken. */
export interface PlannedPractice {
  readonly lab: Lab
  /** The name of the environment in which the lab's pages run. */
  readonly environment: string
  readonly plans: readonly PracticePlan[]
}

/**
 * Plans a practice. Throws a `UsageError` before anything happens: for an environment that is no lab, for a fault that the lab does not
 * know, and for one that no page heals or of which no alert tells.
 */
export async function planPractice(handbook: Handbook, wanted: WantedPractice): Promise<PlannedPractice> {
  const environment = demandLabEnvironment(handbook, wanted.environment)
  if (wanted.surprise && wanted.fault !== undefined)
    throw new UsageError(`--surprise chooses the fault itself`, `Leave out --surprise, or ${wanted.fault}`)
  const lab = await demandLab(handbook)
  const all = listPlans(lab, await readProcedures(handbook))
  const names = all.map(({ fault }) => fault)
  if (names.length === 0)
    throw new UsageError('No page of this handbook has a drill with an alert', 'Add drills: to a runbook')
  if (wanted.surprise)
    return { lab, environment, plans: shuffle(all, wanted.surprise.seed ?? randomUUID(), ({ fault }) => fault) }
  if (wanted.fault === undefined) throw new UsageError('Say which fault, or --surprise', `Faults: ${names.join(', ')}`)
  demandFault(lab, wanted.fault)
  const plan = all.find(({ fault }) => fault === wanted.fault)
  if (plan) return { lab, environment, plans: [plan] }
  throw new UsageError(
    `No drill of a runbook that can be read names ${wanted.fault} and an alert`,
    guess(wanted.fault, names),
  )
}

/** The name of the environment that is the lab. A practice breaks what it is given, so it is given nothing else. */
function demandLabEnvironment({ file: { environments } }: Handbook, name: string | undefined): string {
  const labs = Object.keys(environments).filter(known => environments[known]?.lab)
  if (name === undefined) {
    if (labs[0] !== undefined) return labs[0]
    throw new UsageError('handbook.yaml has no environment that is a lab', 'Add one: lab: { lab: true }')
  }
  if (labs.includes(name)) return name
  if (!Object.hasOwn(environments, name))
    throw new UsageError(`handbook.yaml has no environment ${name}`, guess(name, labs))
  throw new UsageError(
    `${name} is not a lab: a practice breaks the deployment, so it is only for a lab`,
    labs[0] === undefined ? 'handbook.yaml has none' : `Practise in ${labs[0]}: leave out --env`,
  )
}

/** The faults of a lab that runbooks heal and alerts tell of, by name. */
function listPlans({ faults = [] }: Lab, procedures: readonly Procedure[]): PracticePlan[] {
  const readable = procedures.filter(
    ({ kind, problems }) => kind === 'runbook' && problems.every(({ severity }) => severity !== 'error'),
  )
  return faults
    .map(({ name, title }) => {
      const cures = readable.flatMap(page =>
        page.drills.filter(({ fault }) => fault === name).map((drill): Cure & { page: Procedure } => ({ page, drill })),
      )
      const alerts = cures.flatMap(({ page, drill }) => drill.alert ?? page.alerts[0] ?? [])
      return { fault: name, title, cures, alerts: [...new Set(alerts)] }
    })
    .filter(({ alerts }) => alerts.length > 0)
    .toSorted((a, b) => (a.fault < b.fault ? -1 : 1))
}
