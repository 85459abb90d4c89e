import MDXComponents from '@theme-original/MDXComponents'
import { Overview } from './Procedure/Overview.tsx'
import { Block, Phase, Step } from './Procedure/Step.tsx'

/** What the words in a page's tree stand for: Markdown's own, and those that a procedure's page is made of. */
export default {
  ...MDXComponents,
  'handbook-overview': Overview,
  'handbook-phase': Phase,
  'handbook-step': Step,
  'handbook-block': Block,
}
