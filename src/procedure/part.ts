import type { RootContent } from 'mdast'
import type { Problem } from '../base/index.ts'
import type { Heading, Place } from './model.ts'

/** A heading, or none before the first, with the blocks that belong to it. */
export interface Part {
  readonly heading?: Heading
  readonly nodes: readonly RootContent[]
}

/** Reports a problem of the page that is being read. */
export type Report = (place: Place, rule: string, message: string, more?: Partial<Problem>) => void
