import MDXComponents from '@theme-original/MDXComponents'
import { PageCard, PageRecord } from './Procedure/PageCard.tsx'
import { Decisions, PhaseHead, StepCard, StepCode } from './Procedure/Step.tsx'
import { Diagram, HeadCell, InlineCode, WideTable } from './Procedure/Wide.tsx'

/** The component for each element of a page: those of Markdown, and those of a procedure's page. */
export default {
  ...MDXComponents,
  code: InlineCode,
  table: WideTable,
  th: HeadCell,
  'handbook-card': PageCard,
  'handbook-phase': PhaseHead,
  'handbook-step': StepCard,
  'handbook-decisions': Decisions,
  'handbook-block': StepCode,
  'handbook-diagram': Diagram,
  'handbook-record': PageRecord,
}
