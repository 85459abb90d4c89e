import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

/** The lab's Alertmanager. Throws `LabError` where none runs. */
export function alertmanagerOf({ monitoring }: Deployment): NonNullable<Deployment['monitoring']>['alertmanager'] {
  if (monitoring) return monitoring.alertmanager
  throw new LabError('cannot-break', 'no Alertmanager runs in this lab')
}
