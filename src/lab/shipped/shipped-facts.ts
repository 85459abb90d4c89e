import { pid } from 'node:process'
import { type FixedFacts, type FoundFacts, labFacts } from '../plan/lab-facts.ts'
import type { LabPlan } from '../plan/lab-plan.ts'
import { AS_SHIPPED } from '../status.ts'
import { doorUrl } from './client-door.ts'
import { MACHINE } from './machine.ts'
import type { SecondPerson } from './second-person.ts'

/** What is known only of a lab as it is shipped. */
interface ShippedFacts extends FoundFacts {
  /** The certificate of the lab's CA. */
  readonly authority: string
  readonly person: SecondPerson
  readonly differences: readonly string[]
}

/** The facts of a lab as it is shipped. The environment's entry is the one that the page describes. */
export function shippedFacts(plan: LabPlan, found: ShippedFacts): FixedFacts {
  const { authority, person, differences } = found
  const facts = labFacts(plan, found)
  const within = ['nsenter', '--target', String(pid), '--mount', '--']
  const inside = within.join(' ')
  const trust = { NODE_EXTRA_CA_CERTS: authority, CURL_CA_BUNDLE: authority, SSL_CERT_FILE: authority }
  return {
    ...facts,
    profile: AS_SHIPPED,
    differences,
    within,
    protected: true,
    approvers: person.approvers,
    secondPersonKey: person.keyFile,
    clientUrl: doorUrl(plan),
    readKeyFile: MACHINE.readKey,
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
