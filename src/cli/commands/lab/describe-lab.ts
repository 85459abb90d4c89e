import pc from 'picocolors'
import type { Lab, LabStatus } from '../../../lab-port/index.ts'

/** A running lab for readers: where everything is, and what to type next. */
export function describeLab({ faults = [] }: Pick<Lab, 'faults'>, status: LabStatus): string {
  const broken = status.faults.length > 0 ? { broken: pc.red(status.faults.join(', ')) } : {}
  const rows = Object.entries({ ...status.places, ...broken })
  const lines = rows.map(([name, value]) => `  ${pc.bold(name.padEnd(13))} ${value}`)
  const next = faults.map(fault => `  handbook lab break ${fault.name.padEnd(20)} ${pc.dim(fault.title)}`)
  return [
    '',
    ...lines,
    '',
    'Next, in another terminal:',
    ...next,
    `  ${'handbook run PAGE'.padEnd(39)} ${pc.dim('what is to be done then: handbook list')}`,
    '  handbook lab down',
    '',
    '',
  ].join('\n')
}
