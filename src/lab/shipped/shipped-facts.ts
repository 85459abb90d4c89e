import { pid } from 'node:process'
import type { Customer } from '../customer/call-service.ts'
import { serviceCommands } from '../deployment/programs.ts'
import { COPIED } from '../image/open-images.ts'
import { type FixedFacts, type FoundFacts, labFacts } from '../plan/lab-facts.ts'
import type { LabPlan } from '../plan/lab-plan.ts'
import { listNotProven } from '../plan/not-proven.ts'
import { AS_SHIPPED } from '../status.ts'
import { MACHINE, VOLUME_BYTES } from './machine.ts'
import type { SecondPerson } from './second-person.ts'

/** What is known only of a lab as it is shipped. */
interface ShippedFacts extends FoundFacts {
  readonly customer: Required<Customer>
  readonly person: SecondPerson
  readonly differences: readonly string[]
  /** The directives of the units that do not hold. */
  readonly missing: readonly string[]
  /** Whether its machine is a copy of one that was set up before. */
  readonly isCopy: boolean
}

/** The directives without which it may not be called as shipped. */
const NEEDED = ['SystemCallFilter', 'CapabilityBoundingSet', 'NoNewPrivileges', 'ProtectSystem', 'PrivateTmp', 'User']

/** The facts of a lab as it is shipped. The environment's entry is the one that the page describes. */
export function shippedFacts(plan: LabPlan, found: ShippedFacts): FixedFacts {
  const { customer, person, differences, missing, isCopy } = found
  const authority = customer.authorityFile
  const partial = missing.filter(line => NEEDED.some(directive => line.startsWith(`${directive}=`)))
  const profile = partial.length > 0 ? 'partial' : AS_SHIPPED
  const facts = labFacts(plan, found)
  const within = ['nsenter', '--target', String(pid), '--mount', '--']
  const inside = within.join(' ')
  const trust = { NODE_EXTRA_CA_CERTS: authority, CURL_CA_BUNDLE: authority, SSL_CERT_FILE: authority }
  return {
    ...facts,
    profile,
    ...(partial.length > 0 ? { partial } : {}),
    notProven: [
      ...listNotProven(plan, { profile, sizeBytes: VOLUME_BYTES, substitutes: missing.length }),
      ...(isCopy ? [COPIED] : []),
    ],
    differences: [...differences, ...missing],
    within,
    protected: true,
    approvers: person.approvers,
    secondPersonKey: person.keyFile,
    customer: found.customer,
    readKeyFile: MACHINE.readKey,
    services: { ...facts.services, proxy: serviceCommands(plan, 'proxy'), scanner: serviceCommands(plan, 'scanner') },
    variables: { ...facts.variables, ...trust },
    secrets: { readKey: { command: `${inside} cat ${MACHINE.readKey}`, for: 'read' } },
    places: {
      ...facts.places,
      storage: `${MACHINE.storage}, inside: ${inside} bash`,
      CA: authority,
      bridgectl: `${inside} env UPLOAD_BRIDGE_CONFIG=${MACHINE.config} NODE_EXTRA_CA_CERTS=${authority} ${plan.paths.bin}/bridgectl`,
    },
  }
}
