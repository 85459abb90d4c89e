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
export { type Rota, rotaSchema } from './on-call-schema.ts'
export { type Quantities, quantitiesFileSchema } from './quantities-schema.ts'
