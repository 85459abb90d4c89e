import type { Pool } from 'pg'
import type { Configuration } from '../configuration/schema.ts'
import type { Trail } from './read-trail.ts'

/** Works with the database of a place, and throws when it does not answer. */
export type InDatabase = <Result>(work: (pool: Pool) => Promise<Result>) => Promise<Result>

/** A deployment that takes the place of another. */
export interface NewPlace {
  readonly to: Configuration
  readonly inNew: InDatabase
  readonly now: Date
}

/** The same, with the one that is left. */
export interface Places extends NewPlace {
  readonly from: Configuration
  readonly inOld: InDatabase
  /** The audit trail of the old place, which is read when it is needed. */
  readonly trail: () => Promise<Trail>
}
