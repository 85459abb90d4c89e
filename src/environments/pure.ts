// The door for what asks for no shape: the schema behind the other one takes longer to make than a page to read.
export { bareEnvironment } from './environment.ts'
export { HANDBOOK_FILE } from './handbook.ts'
