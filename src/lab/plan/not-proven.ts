import { AS_SHIPPED } from '../status.ts'
import type { LabPlan } from './lab-plan.ts'

/** What no drill or check in a lab can prove, made from what this lab is, each with who tries it and where. */
export function listNotProven(
  { timeScale }: Pick<LabPlan, 'timeScale'>,
  lab: { readonly profile: string; readonly sizeBytes?: number; readonly substitutes?: number },
): readonly string[] {
  const { profile, sizeBytes, substitutes = 0 } = lab
  const isShipped = profile === AS_SHIPPED
  const megabytes = sizeBytes === undefined ? undefined : sizeBytes / 1024 / 1024
  return [
    tried('more than one machine and one kernel', 'platform, in staging, with Deploy a release'),
    tried('a network: everything speaks over the loopback', 'platform, in staging, with Deploy a release'),
    isShipped
      ? tried('a public certificate: the CA is the lab’s own', 'platform, in production, with Weekly routine')
      : tried('TLS, API keys and the accounts of the service', LAB_AS_SHIPPED),
    isShipped
      ? tried('a scanner that knows more than the EICAR test file', 'security, in staging')
      : tried('a malware scanner', LAB_AS_SHIPPED),
    tried(
      'PostgreSQL with a replica, or one that syncs to a disk',
      'storage, in staging, with the yearly rehearsal of Disaster recovery',
    ),
    megabytes === undefined
      ? tried('a volume', LAB_AS_SHIPPED)
      : tried(`more than ${megabytes} MiB of storage`, 'storage, in production, with Restore drill'),
    ...(timeScale === 1
      ? []
      : [
          tried(
            `the times of production: rules run ${timeScale} times as fast`,
            'the tests of the rules, with promtool',
          ),
        ]),
    ...(isShipped && substitutes > 0
      ? [
          tried(
            `${substitutes} directives of the units, which handbook lab status names`,
            'platform, on each new machine',
          ),
        ]
      : []),
    ...(isShipped ? [] : [tried('the units, the configuration and the nginx.conf that are shipped', LAB_AS_SHIPPED)]),
    tried(
      'a downstream that takes a repeated delivery for a new one',
      'delivery, in staging, with whoever operates it',
    ),
    tried('that a page reaches somebody’s telephone', 'each new colleague on call, with a test page'),
  ]
}

/** What is not proven here, and who tries it and where. */
export function tried(what: string, by: string): string {
  return `${what} (tried by ${by})`
}

const LAB_AS_SHIPPED = 'a lab as shipped, as root on Linux'
