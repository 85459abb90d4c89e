import MDXComponents from '@theme-original/MDXComponents'
import { Overview } from './Procedure/Overview.tsx'
import { Block, Phase, Step } from './Procedure/Step.tsx'

/** The component for each element of a page: those of Markdown, and those of a procedure's page. */
export default {
  ...MDXComponents,
  'handbook-overview': Overview,
  'handbook-phase': Phase,
  'handbook-step': Step,
  'handbook-block': Block,
}
