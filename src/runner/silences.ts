import { endSilence, listSilences } from '../alerts/index.ts'
import { describeFailure } from '../base/index.ts'
import type { BlockRequest } from '../execute/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Run } from './run.ts'

/** Whether a step may silence alerts, for how long, and how its silences are known; or why it may not. */
export function permitSilencing(
  { request: { environment, by }, ports, person }: Run,
  { id, risk, temporary, silences }: Step,
): BlockRequest['silencing'] {
  const { alertmanagerUrl, prometheusUrl } = environment
  if (risk === 'read') return { refused: 'a read step may not silence anything' }
  if (!temporary || silences === undefined)
    return { refused: `#${id} may not silence anything: write temporary silences=30m behind its language` }
  if (alertmanagerUrl === undefined)
    return { refused: `${environment.name} names no Alertmanager, so nothing can be silenced there` }
  return {
    alertmanagerUrl,
    ...(prometheusUrl === undefined ? {} : { prometheusUrl }),
    atMost: silences,
    by: person ?? `${by.user}@${by.host}`,
    mark: markOf(ports.writer.run, id),
  }
}

/** Ends what the steps that were taken silence, or one of them; when it cannot be asked for, each silence ends by itself. */
export async function endSilences(run: Run, only?: string): Promise<void> {
  const { request, ports, taken } = run
  const { alertmanagerUrl: url } = request.environment
  const steps = request.procedure.phases.flatMap(phase => phase.steps)
  const silencing = taken.filter(({ id }) => steps.some(step => step.id === id && step.silences !== undefined))
  const ids = silencing.map(({ id }) => id).filter(id => only === undefined || id === only)
  if (url === undefined || ids.length === 0) return
  const of = request.rollsBack?.run ?? ports.writer.run
  try {
    const silences = await listSilences(url)
    for (const step of ids) {
      for (const { id } of silences.filter(({ comment }) => comment.endsWith(markOf(of, step)))) {
        await endSilence(url, id)
        await run.emit({ type: 'step.unsilenced', step, id })
      }
    }
  } catch (error) {
    const message = `what ${ids.map(id => `#${id}`).join(', ')} silenced was not ended, and ends by itself: ${describeFailure(error)}`
    await run.emit({ type: 'run.warned', message })
  }
}

/** How a silence is known again, wherever it is asked for: at the end of its comment. */
function markOf(run: string, step: string): string {
  return `(run ${run}, step ${step})`
}
