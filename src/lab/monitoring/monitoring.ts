import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { queryPrometheus, scaleRules } from '../../alerts/index.ts'
import { findProgram } from '../../base/index.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import type { LabProgram } from '../processes/managed-process.ts'
import { answers } from '../processes/wait-until.ts'
import { adaptAlertmanager, shippedAlertmanager } from './alertmanager-config.ts'

/** The installed programs that watch a deployment. */
export interface MonitoringPrograms {
  readonly prometheus: string
  readonly alertmanager: string
}

/** Finds Prometheus and Alertmanager by Debian's or upstream's names, or returns a text that says what is missing. */
export function findMonitoring(path: string | undefined): MonitoringPrograms | string {
  const prometheus = findProgram(['prometheus'], path)
  const alertmanager = findProgram(['prometheus-alertmanager', 'alertmanager'], path)
  if (prometheus && alertmanager) return { prometheus, alertmanager }
  const missing = [...(prometheus ? [] : ['prometheus']), ...(alertmanager ? [] : ['prometheus-alertmanager'])]
  return `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not installed`
}

/** Writes the configuration of Prometheus and Alertmanager, with every rule file at the lab's time scale. */
export async function writeMonitoring(plan: LabPlan): Promise<void> {
  const { paths, rules, timeScale, ports, metricsKeyFile } = plan
  const folder = join(paths.monitoring, 'rules')
  await mkdir(folder, { recursive: true })
  const names = (await readdir(rules)).filter(name => name === WATCHDOG || /\.rules\.ya?ml$/.test(name))
  for (const name of names) {
    await writeFile(join(folder, name), scaleRules(await readFile(join(rules, name), 'utf8'), timeScale))
  }
  await writeFile(prometheusConfigPath(paths), stringify(prometheusConfig(folder, ports, metricsKeyFile)))
  const shipped = shippedAlertmanager(rules)
  const config = shipped ? adaptAlertmanager(await readFile(shipped, 'utf8'), plan) : stringify(UNROUTED)
  await writeFile(alertmanagerConfigPath(paths), config)
}

/** The rule file of the alert that always fires. */
const WATCHDOG = 'watchdog.yaml'

/** The path of Prometheus' configuration. */
export function prometheusConfigPath({ monitoring }: LabPlan['paths']): string {
  return join(monitoring, 'prometheus.yml')
}

/** The folder of Prometheus' samples. */
export function prometheusDataPath({ data }: LabPlan['paths']): string {
  return join(data, 'prometheus')
}

/** The path of Alertmanager's configuration. */
export function alertmanagerConfigPath({ monitoring }: LabPlan['paths']): string {
  return join(monitoring, 'alertmanager.yml')
}

/** Prometheus, which scrapes every second. */
export function prometheusProgram(plan: LabPlan, programs: MonitoringPrograms): LabProgram {
  const { paths, ports, env } = plan
  return {
    name: 'prometheus',
    command: [
      programs.prometheus,
      `--config.file=${prometheusConfigPath(paths)}`,
      `--storage.tsdb.path=${prometheusDataPath(paths)}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      '--rules.alert.resend-delay=1s',
    ],
    cwd: paths.directory,
    env,
    log: logPath(plan, 'prometheus'),
    reloadSignal: 'SIGHUP',
    isReady: () => answers(`${plan.prometheusUrl}/-/ready`),
  }
}

/** Alertmanager as a single instance. */
export function alertmanagerProgram(plan: LabPlan, programs: MonitoringPrograms): LabProgram {
  const { paths, ports, env } = plan
  return {
    name: 'alertmanager',
    command: [
      programs.alertmanager,
      `--config.file=${alertmanagerConfigPath(paths)}`,
      `--storage.path=${join(paths.data, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      '--cluster.listen-address=',
    ],
    cwd: paths.directory,
    env,
    log: logPath(plan, 'alertmanager'),
    reloadSignal: 'SIGHUP',
    isReady: () => answers(`${plan.alertmanagerUrl}/-/ready`),
  }
}

/** Whether Prometheus has seen every target up, and no alert about a missing target still fires. */
export async function seesTargets(url: string): Promise<boolean> {
  const up = await queryPrometheus(url, 'up').catch(() => [])
  if (up.length < TARGETS.length || up.some(sample => sample.value !== 1)) return false
  const missed = await queryPrometheus(url, MISSED).catch(() => undefined)
  return missed?.length === 0
}

/** Before the first scrape nothing is up, and these alerts fire for seconds. */
const MISSED = 'ALERTS{alertname=~"UploadBridge(Api|Worker)Down", alertstate="firing"}'

const TARGETS = ['api', 'worker'] as const

function prometheusConfig(rules: string, ports: LabPlan['ports'], key: string | undefined): unknown {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [join(rules, '*')],
    alerting: {
      alertmanagers: [{ timeout: '1s', static_configs: [{ targets: [`127.0.0.1:${ports.alertmanager}`] }] }],
    },
    scrape_configs: TARGETS.map(name => ({
      job_name: `upload-bridge-${name}`,
      ...(name === 'api' && key !== undefined ? { authorization: { credentials_file: key } } : {}),
      static_configs: [{ targets: [`127.0.0.1:${ports[name]}`] }],
    })),
  }
}

/** Where the rules come without a configuration of Alertmanager, alerts are read from its API, and nobody is told. */
const UNROUTED = {
  route: { receiver: 'lab', group_by: ['...'], group_wait: '0s', group_interval: '1s' },
  receivers: [{ name: 'lab' }],
}
