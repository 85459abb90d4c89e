import pc from 'picocolors'
import { faults, type LabStatus } from '../../../lab/index.ts'

/** A running lab for readers: where everything is, and what to type next. */
export function describeLab(status: LabStatus): string {
  const rows: (readonly [string, string | undefined])[] = [
    ['Upload Bridge', status.url],
    ['downstream', `${status.downstreamUrl}/received`],
    ['Prometheus', status.prometheusUrl && `${status.prometheusUrl}/alerts`],
    ['Alertmanager', status.alertmanagerUrl],
    ['storage', status.storagePath],
    ['logs', status.logsPath],
    [
      'bridgectl',
      `UPLOAD_BRIDGE_CONFIG=${status.configPath} UPLOAD_BRIDGE_URL=${status.url} ${status.binPath}/bridgectl`,
    ],
    ['broken', status.faults.length > 0 ? pc.red(status.faults.join(', ')) : undefined],
  ]
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${pc.bold(name.padEnd(13))} ${value}`]))
  const next = faults.map(fault => `  handbook lab break ${fault.name.padEnd(20)} ${pc.dim(fault.title)}`)
  return [
    '',
    ...lines,
    '',
    'Next, in another terminal:',
    ...next,
    `  ${'handbook run storage-filling'.padEnd(39)} ${pc.dim('what is to be done then')}`,
    '  handbook lab down',
    '',
    '',
  ].join('\n')
}
