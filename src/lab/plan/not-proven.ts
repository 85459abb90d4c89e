import { AS_SHIPPED } from '../status.ts'
import type { LabPlan } from './lab-plan.ts'

/** What no drill or check in a lab can prove, made from what this lab is. */
export function listNotProven(
  { timeScale }: Pick<LabPlan, 'timeScale'>,
  lab: { readonly profile: string; readonly sizeBytes?: number; readonly substitutes?: number },
): readonly string[] {
  const { profile, sizeBytes, substitutes = 0 } = lab
  const isShipped = profile === AS_SHIPPED
  return [
    'more than one machine and one kernel',
    'a network: everything speaks over the loopback',
    isShipped ? 'a public certificate: the CA is the lab’s own' : 'TLS, API keys and the accounts of the service',
    isShipped ? 'a scanner that knows more than the EICAR test file' : 'a malware scanner',
    'PostgreSQL with a replica, or one that syncs to a disk',
    sizeBytes === undefined ? 'a volume' : `more than ${sizeBytes / 1024 / 1024} MiB of storage`,
    ...(timeScale === 1 ? [] : [`the times of production: rules run ${timeScale} times as fast`]),
    ...(isShipped && substitutes > 0
      ? [`${substitutes} directives of the units, which handbook lab status names`]
      : []),
    ...(isShipped ? [] : ['the units, the configuration and the nginx.conf that are shipped']),
    'a downstream that takes a repeated delivery for a new one',
    'that a page reaches somebody’s telephone',
  ]
}
