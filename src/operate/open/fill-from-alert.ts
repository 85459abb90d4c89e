import type { FiringAlert } from '../../alerts/index.ts'
import type { StartAlert } from '../../journal/index.ts'
import { describeMisfit, type Param, type ParamValue, type Procedure, parseParam } from '../../procedure/index.ts'
import { guess, UsageError } from '../errors.ts'

/** Milliseconds that a run waits at its start for Alertmanager to answer: one that swallows packets must keep nobody from a repair. */
const PATIENCE = 2000

type Given = Readonly<Record<string, ParamValue>>

/** What an alert that fires gives a run. */
export interface Filled {
  readonly values: Record<string, ParamValue>
  readonly warnings: readonly string[]
  /** The alert that the run is started for, and what was said of it; missing when none is known. */
  readonly alert?: StartAlert
}

/**
 * The alert that a run is started for, and the parameters that its labels fill (`label:`). It is the one that was named; else, when such
 * parameters were given by hand, one of the page's that fires with these very labels.
 */
export async function fillFromAlert(
  params: readonly Param[],
  named: string | undefined,
  alertmanagerUrl: string | undefined,
  {
    alerts = [],
    given = {},
    patience = PATIENCE,
  }: { readonly alerts?: readonly string[]; readonly given?: Given; readonly patience?: number } = {},
): Promise<Filled> {
  const labelled = params.flatMap(param => (param.label === undefined ? [] : [{ param, label: param.label }]))
  const known = labelled.filter(({ param }) => given[param.name] !== undefined)
  if (named === undefined && (alertmanagerUrl === undefined || alerts.length === 0 || known.length === 0))
    return { values: {}, warnings: [] }
  const { askFiring } = await import('../../alerts/index.ts')
  const answer = await askFiring(
    alertmanagerUrl,
    named === undefined ? {} : { alertname: named },
    AbortSignal.timeout(patience),
  )
  if (answer.asked !== 'answered') {
    if (named === undefined) return { values: {}, warnings: [] }
    const silent = answer.asked === 'no-answer' && labelled.length > 0
    const warnings = silent ? [`Alertmanager does not answer: no parameter is filled from ${named}`] : []
    const { asked } = answer
    const alert: StartAlert = asked === 'nobody' ? { name: named, asked } : { name: named, asked, why: answer.why }
    return { values: {}, warnings, alert }
  }
  const fits = ({ labels }: FiringAlert) =>
    known.every(({ param, label }) => readLabel(param, labels[label] ?? '') === given[param.name])
  const candidates = answer.firing.filter(
    ({ name }) => name === named || (named === undefined && alerts.includes(name)),
  )
  const fitting = candidates.filter(fits)
  if (named === undefined) return { values: {}, warnings: [], ...(fitting[0] ? { alert: describe(fitting[0]) } : {}) }
  const [first] = fitting
  const warnings: string[] = []
  if (first?.quiet !== undefined) warnings.push(`${named} fires, and is ${first.quiet}`)
  if (first && fitting.length > 1)
    warnings.push(`${named} fires ${fitting.length} times: its labels are the first one's`)
  if (!first && candidates.length > 0) warnings.push(`${named} fires, and not with the parameters that were given`)
  const values: Record<string, ParamValue> = {}
  for (const { param, label } of labelled) {
    const text = first?.labels[label]
    if (text === undefined) continue
    const result = parseParam(param, param.type === 'host' ? withoutPort(text) : text)
    if ('value' in result) values[param.name] = result.value
    else warnings.push(`the label ${label} of ${named} is ${text}, and ${param.name} expects ${describeMisfit(result)}`)
  }
  return { values, warnings, alert: first ? describe(first) : { name: named, asked: 'not-firing' } }
}

/** The alert that a run was said to be started for: one that the page answers. Throws a `UsageError` for another one. */
export function demandAlert({ path, alerts }: Procedure, named: string | undefined): string | undefined {
  if (named === undefined || alerts.includes(named)) return named
  throw new UsageError(`${path} does not answer the alert ${named}`, guess(named, alerts))
}

function describe({ name, labels, since = '', quiet }: FiringAlert): StartAlert {
  return { name, asked: 'fires', since, labels, ...(quiet === undefined ? {} : { quiet }) }
}

function readLabel(param: Param, text: string): ParamValue | undefined {
  const result = parseParam(param, param.type === 'host' ? withoutPort(text) : text)
  return 'value' in result ? result.value : undefined
}

/** An `instance` label says where a target is scraped, `db-1:9187` or `[::1]:9187`. */
export function withoutPort(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}
