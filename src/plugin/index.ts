export { findProgram } from '../base/index.ts'
export type { FrontPageFacts } from './count-facts.ts'
export { type DiagramView, viewDiagram } from './diagram.ts'
export { guardBash, runsInShell } from './guard-bash.ts'
export { type HandbookPluginOptions, handbookPlugin } from './handbook-plugin.ts'
export type { GuideCard } from './list-guides.ts'
export type { SymptomCard } from './list-symptoms.ts'
export { HandbookError } from './problems.ts'
export { readSite } from './read-site.ts'
export { KnownProcedures, remarkProcedure } from './remark-procedure.ts'
export type { AreaCard, CheckCard, ItemCard, Scorecard } from './scorecard.ts'
export type { ReconstructedCard } from './view-reconstructed.ts'
export type {
  AlertCard,
  BlockView,
  DrillCard,
  DrillMeasures,
  FeltView,
  OwnerCard,
  PageCardView,
  ParamView,
  PhaseView,
  ProblemCard,
  ProcedureCard,
  SiteData,
  StepLink,
  StepView,
} from './view-types.ts'
export { addPolicy } from './write-policy.ts'
