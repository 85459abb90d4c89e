export { endTree } from './local/process-tree.ts'
export { type BlockWorker, startWorker } from './local/start-worker.ts'
export type { BlockListener, BlockRequest, BlockResult, Report } from './protocol.ts'
