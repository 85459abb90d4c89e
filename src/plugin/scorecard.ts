import type { Assessment, CheckResult } from '../readiness/index.ts'

/** What the page of the readiness assessment shows; null when none was kept. */
export type Scorecard = null | {
  readonly score: number | null
  /** The score in words, which say how much of it was not measured. */
  readonly says: string
  readonly claimed: NonNullable<Assessment['claimed']> | null
  readonly environment: string
  /** ISO 8601, UTC. */
  readonly date: string
  readonly commit: string
  readonly areas: readonly AreaCard[]
  readonly next: Assessment['next']
  /** How many checks there are, and how many of them are proven to fail for what they guard. */
  readonly checks: { readonly all: number; readonly proven: number }
}

/** An area with its items. */
export interface AreaCard {
  readonly id: string
  readonly title: string
  readonly score: number | null
  readonly says: string
  readonly claimed: number | null
  /** Its page on the site, if it has one. */
  readonly permalink?: string
  /** Whether its page has changed since it was measured. */
  readonly changed: boolean
  readonly items: readonly ItemCard[]
}

/** An item with its checks. */
export interface ItemCard {
  readonly id: string
  readonly title: string
  readonly need: Assessment['items'][number]['need']
  readonly result: CheckResult['result']
  readonly reason?: string
  readonly checks: readonly CheckCard[]
}

/** A check: what it found, and whether it was seen to fail when what it guards was broken. */
export interface CheckCard {
  readonly id: string
  readonly title: string
  readonly result: CheckResult['result']
  readonly reason?: string
  /** What it returned, and the first lines of what is kept of what it printed. */
  readonly evidence: string
  /** `changed`: proven once, but the check or its mutations are not what they were. */
  readonly proof: 'proven' | 'changed' | 'not-proven'
  /** When, or why not. */
  readonly proofSays: string
}
