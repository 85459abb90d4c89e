import { writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import { editedFile } from './edited-file.ts'
import type { Deployment, Fault } from './fault.ts'

/** An edit of Prometheus' configuration. */
export interface MonitoringEdit extends Pick<Fault, 'name' | 'title' | 'summary' | 'kind'> {
  /** The job that is not scraped while the fault is in effect. Prometheus takes seconds to drop a target. */
  readonly unscrapes?: string
  /** Returns the top-level keys to set, given the present configuration. */
  readonly change: (configuration: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

/** A fault: Prometheus' configuration is edited and reloaded. The deployment itself does not change. */
export function editedMonitoring({ unscrapes, change, ...named }: MonitoringEdit): Fault {
  return editedFile({
    ...named,
    path: deployment => monitoringOf(deployment).configPath,
    edit(text) {
      const configuration: Record<string, unknown> = parse(text)
      return stringify({ ...configuration, ...change(configuration) })
    },
    async adopt(deployment, text, edited) {
      await adopt(deployment, text)
      await waitForJob(deployment, unscrapes, !edited)
    },
  })
}

function monitoringOf({ monitoring }: Deployment): NonNullable<Deployment['monitoring']> {
  if (monitoring) return monitoring
  throw new LabError('cannot-break', 'no Prometheus runs in this lab')
}

/** Makes Prometheus use another configuration, and waits until it does. */
async function adopt(deployment: Deployment, configuration: string): Promise<void> {
  const { configPath, prometheusUrl, reload } = monitoringOf(deployment)
  const inForce = async () =>
    (await fetch(`${prometheusUrl}/api/v1/status/config`, { signal: deployment.signal })).text()
  const before = await inForce()
  await writeFile(configPath, configuration)
  reload()
  const changed = async () => (await inForce()) !== before
  if (await waitUntil(changed, { timeout: 30_000, interval: 50, signal: deployment.signal })) return
  throw new LabError('cannot-break', 'Prometheus does not load the new configuration')
}

async function waitForJob(deployment: Deployment, job: string | undefined, scraped: boolean): Promise<void> {
  if (job === undefined) return
  const { prometheusUrl } = monitoringOf(deployment)
  const isSo = async () => {
    const answer = await fetch(`${prometheusUrl}/api/v1/targets?state=active`, { signal: deployment.signal })
    const { data }: Targets = JSON.parse(await answer.text())
    const targets = data.activeTargets.filter(({ labels }) => labels.job === job)
    return scraped ? targets.some(({ health }) => health === 'up') : targets.length === 0
  }
  if (await waitUntil(isSo, { timeout: 60_000, interval: 100, signal: deployment.signal })) return
  throw new LabError('cannot-break', `Prometheus ${scraped ? 'does not scrape' : 'goes on scraping'} ${job}`)
}

interface Targets {
  readonly data: {
    readonly activeTargets: readonly { readonly labels: { readonly job: string }; readonly health: string }[]
  }
}
