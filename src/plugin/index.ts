export { guardBash } from './guard-bash.ts'
export { HandbookError } from './handbook-error.ts'
export { type HandbookPluginOptions, handbookPlugin } from './handbook-plugin.ts'
export type { KnownFacts } from './known-facts.ts'
export { KnownProcedures } from './known-procedures.ts'
export type { GuideCard } from './list-guides.ts'
export type { SymptomCard } from './list-symptoms.ts'
export type {
  AlertCard,
  BlockView,
  DrillCard,
  OverviewView,
  OwnerCard,
  ParamView,
  PhaseView,
  ProcedureCard,
  StepLink,
  StepView,
} from './page-view.ts'
export { readSite } from './read-site.ts'
export { remarkProcedure } from './remark-procedure.ts'
export type { AreaCard, CheckCard, ItemCard, Scorecard } from './scorecard.ts'
export type { ProblemCard, SiteData } from './site-data.ts'
