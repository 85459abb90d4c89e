import { LabError } from '../../lab-port/index.ts'
import type { Progress } from '../lifecycle/progress.ts'
import type { LabPlan } from '../plan/lab-plan.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { shippedAlertmanager } from './alertmanager-config.ts'
import { deadMansSwitchProgram } from './dead-mans-switch.ts'
import {
  alertmanagerProgram,
  findMonitoring,
  type MonitoringPrograms,
  prometheusProgram,
  seesTargets,
  writeMonitoring,
} from './monitoring.ts'
import { pagerProgram } from './pager.ts'

/** The monitoring programs of the lab; `undefined` when it has none. Throws when they are demanded and missing. */
export function chooseMonitoring({ prometheus, env, log }: LabPlan): MonitoringPrograms | undefined {
  if (prometheus === false) return undefined
  const found = findMonitoring(env.PATH)
  if (typeof found !== 'string') return found
  if (prometheus) throw new LabError('missing-program', `${found}; npm run setup installs what the lab can use`)
  log(`– alerts       none: ${found}; npm run setup installs what the lab can use`)
  return undefined
}

/** Starts Prometheus, Alertmanager, what gets its notifications, and what notices when both are silent. */
export function startMonitoring(
  plan: LabPlan,
  programs: MonitoringPrograms,
  progress: Progress,
): readonly Promise<void>[] {
  const { registry } = plan
  const prometheus = registry.add(prometheusProgram(plan, programs))
  const alertmanager = registry.add(alertmanagerProgram(plan, programs))
  const program = deadMansSwitchProgram(plan)
  const deadMansSwitch = program && registry.add(program)
  const pager = shippedAlertmanager(plan.rules) && registry.add(pagerProgram(plan))
  const written = writeMonitoring(plan)
  return [
    progress.part('prometheus', async () => {
      await written
      await prometheus.start()
      return plan.prometheusUrl
    }),
    progress.part('alertmanager', async () => {
      await written
      if (pager) await pager.start()
      await alertmanager.start()
      return plan.alertmanagerUrl
    }),
    ...(deadMansSwitch
      ? [
          progress.part("dead man's switch", async () => {
            await deadMansSwitch.start()
            return plan.deadMansSwitchUrl
          }),
        ]
      : []),
  ]
}

/** Waits until Prometheus has seen the deployment. Before that, no alert can fire. */
export async function waitForFirstLook({ prometheusUrl, timeScale, registry }: LabPlan): Promise<string> {
  const { signal } = registry.supervision
  if (await waitUntil(() => seesTargets(prometheusUrl), { timeout: 60_000, interval: 100, signal })) {
    return `Prometheus sees the deployment; rules run ${timeScale} times as fast as in production`
  }
  throw new LabError(
    'part-failed',
    `Prometheus did not see the deployment within 60 s; look at ${prometheusUrl}/targets`,
  )
}
