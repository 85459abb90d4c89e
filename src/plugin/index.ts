export type { FrontPageFacts, GuideCard, SymptomCard } from './front-page.ts'
export { guardBash } from './guard-bash.ts'
export { type HandbookPluginOptions, handbookPlugin } from './handbook-plugin.ts'
export type {
  AlertCard,
  BlockView,
  DrillCard,
  OverviewView,
  OwnerCard,
  ParamView,
  PhaseView,
  ProblemCard,
  ProcedureCard,
  SiteData,
  StepLink,
  StepView,
} from './page-view.ts'
export { HandbookError } from './problems.ts'
export { readSite } from './read-site.ts'
export { KnownProcedures, remarkProcedure } from './remark-procedure.ts'
export type { AreaCard, CheckCard, ItemCard, Scorecard } from './scorecard.ts'
