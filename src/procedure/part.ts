import type { RootContent } from 'mdast'
import type { Problem } from '../base/index.ts'
import type { Heading, Place } from './model.ts'

/** A heading, or none before the first, with the blocks that belong to it. */
export interface Part {
  readonly heading?: Heading
  readonly nodes: readonly RootContent[]
}

/** The rules that a page must follow to be read as it was meant. Breaches are found while the page is read. */
export type StructureRule =
  | 'markdown'
  | 'front-matter'
  | 'near-miss-heading'
  | 'one-phase-each'
  | 'unique-ids'
  | 'one-block-each'
  | 'step-has-block'
  | 'fence-in-html'
  | 'fence-outside-step'
  | 'known-language'
  | 'known-meta'
  | 'closed-fence'
  | 'undoes-a-step'
  | 'when-undoes'

/** Reports a problem of the page that is being read. */
export type Report = (place: Place, rule: StructureRule, message: string, more?: Partial<Problem>) => void
