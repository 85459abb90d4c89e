export { type Containment, contain, findLeak } from './contain.ts'
export { startLocalExecutor } from './local/local-executor.ts'
export { endLeftovers } from './local/process-tree.ts'
export type { BlockListener, BlockRequest, BlockResult, Executor, Report } from './protocol.ts'
