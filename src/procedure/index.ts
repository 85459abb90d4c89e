export { type FrontMatter, frontMatterSchema } from './front-matter.ts'
export { listNodes } from './list-nodes.ts'
export { type Matter, readMatter } from './matter.ts'
export type {
  Block,
  Drill,
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
  Waiver,
} from './model.ts'
export { nameFile } from './name-file.ts'
export { mayBeCalled, type PageNames, readPageNames } from './page-names.ts'
export { type ParamResult, parseParam, SHORTEST_SECRET } from './param-value.ts'
export { parsePage, parseProcedure } from './parse-procedure.ts'
export type { StructureRule } from './part.ts'
export { findPhase, PHASES } from './phases.ts'
export { readMarkdown } from './read-markdown.ts'
export type { HttpAnswer, HttpOptions, PromSample, ServiceAnswer, Span, Verbs, WaitOptions } from './scope.ts'
export { isShellVerb, SHELL_VERBS, type ShellVerb, type ShellVerbName } from './shell-verbs.ts'
export { isTaken } from './taken-name.ts'
