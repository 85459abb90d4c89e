import MDXComponents from '@theme-original/MDXComponents'
import { Overview } from './Procedure/Overview.tsx'
import { PhaseHead, StepCard, StepCode } from './Procedure/Step.tsx'

/** The component for each element of a page: those of Markdown, and those of a procedure's page. */
export default {
  ...MDXComponents,
  'handbook-overview': Overview,
  'handbook-phase': PhaseHead,
  'handbook-step': StepCard,
  'handbook-block': StepCode,
}
