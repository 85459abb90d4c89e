export {
  type Acknowledgement,
  bareEnvironment,
  type Environment,
  type Fact,
  type SecretSource,
  type ServiceAction,
  type ServiceCommands,
} from './environment.ts'
export type { Handbook } from './handbook.ts'
export { type HandbookFile, handbookFileSchema, parseHandbookFile } from './handbook-file.ts'
