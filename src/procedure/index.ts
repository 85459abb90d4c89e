export type { FrontMatter } from './front-matter.ts'
export { frontMatterSchema } from './front-matter-schema.ts'
export type {
  Block,
  Drill,
  DrillBudget,
  Heading,
  Language,
  PageKind,
  Param,
  ParamType,
  ParamValue,
  Phase,
  PhaseName,
  Place,
  Procedure,
  Section,
  Step,
  StructureRule,
  Waiver,
} from './model.ts'
export { mayBeCalled, nameFile, type PageNames, readPageNames } from './page-names.ts'
export { describeMisfit, isSetByBash, isTaken, type ParamResult, parseParam, SHORTEST_SECRET } from './params.ts'
export { parsePage, parseProcedure } from './parse-procedure.ts'
export { findPhase, PHASES } from './phases.ts'
export { listNodes, readTree } from './read-markdown.ts'
export type { HttpAnswer, HttpOptions, PromSample, ServiceAnswer, Span, Verbs, WaitOptions } from './scope.ts'
export { isShellVerb, SHELL_VERBS, type ShellVerb, type ShellVerbName } from './shell-verbs.ts'
export { type Matter, readMatter } from './yaml-places.ts'
