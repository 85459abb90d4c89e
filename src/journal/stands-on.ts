import { createHash } from 'node:crypto'
import type { Problem } from '../base/index.ts'

/** SHA-256 of a part that a proof stands on; null while the part cannot be read, so that no proof stands on it. */
export type PartHash = string | null

/** What a proof stands on, each part hashed. A part that nothing is known of, where no lab is, is left out. */
export interface StandsOn {
  /** The page with its scripts and alert rules; of a check, its block and those that it reads from. */
  readonly page: PartHash
  /** The fault and the workload; of a check, the mutations that must make it fail. */
  readonly fault?: PartHash | undefined
  /** What is shipped: the service, its units and its configuration. */
  readonly shipped?: PartHash | undefined
}

/** A part that a proof stands on. */
export type ProofPart = keyof StandsOn

const NAMED = ['page', 'fault', 'shipped'] as const satisfies readonly ProofPart[]

/** One SHA-256 over all parts. */
export function hashParts({ page, fault = null, shipped = null }: StandsOn): string {
  return digest([page, fault, shipped])
}

/**
 * The parts that have changed since a proof was made. None is named when the proof does not tell what it stood on. `undefined` when all
 * that is known now is as it was.
 */
export function findChange(
  { contentHash, standsOn }: { readonly contentHash: string; readonly standsOn?: StandsOn | undefined },
  now: StandsOn,
): readonly ProofPart[] | undefined {
  if (!standsOn || hashParts(standsOn) !== contentHash) return hashParts(now) === contentHash ? undefined : []
  const changed = NAMED.filter(part => now[part] !== undefined && (now[part] === null || now[part] !== standsOn[part]))
  return changed.length === 0 ? undefined : changed
}

/** What a proof records of what it stands on: the parts too, when all of them could be read. */
export function recordParts(now: StandsOn): { readonly contentHash: string; readonly standsOn?: RecordedParts } {
  const { page, fault, shipped } = now
  const contentHash = hashParts(now)
  if (page === null || fault === null || shipped === null) return { contentHash }
  return {
    contentHash,
    standsOn: { page, ...(fault === undefined ? {} : { fault }), ...(shipped === undefined ? {} : { shipped }) },
  }
}

interface RecordedParts {
  readonly page: string
  readonly fault?: string
  readonly shipped?: string
}

/** SHA-256 of some texts, of which none can be taken for a part of another. */
export function digest(texts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex')
}

/** What a lab says of the content behind proofs: what breaks a deployment, what keeps it busy meanwhile, and what is deployed. */
export interface LabContent {
  /** What can be broken, by name. */
  readonly faults: Readonly<Record<string, FaultContent>>
  readonly workload: PartHash
  /** The service with its units and its configuration, as the lab deploys them. */
  readonly shipped: PartHash
  /** Why a part cannot be read, each at its place in the sources. */
  readonly problems: readonly Pick<Problem, 'file' | 'line' | 'column' | 'message'>[]
}

/** What a fault or a mutation does. */
export interface FaultContent {
  readonly hash: PartHash
  /** Whether it acts on a deployment; else on the repository. */
  readonly deployed: boolean
}
