export { bareEnvironment } from './bare-environment.ts'
export type { Environment, Fact, SecretSource, Service, ServiceAction } from './environment.ts'
export { type HandbookFile, handbookFileSchema } from './handbook-file.ts'
export {
  findHandbookRoot,
  type Handbook,
  type HandbookResult,
  listPages,
  parseHandbookFile,
  readHandbook,
} from './read-handbook.ts'
