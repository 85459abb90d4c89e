export { endTree } from './local/end-tree.ts'
export { isAlive } from './local/is-alive.ts'
export { type BlockWorker, startWorker } from './local/start-worker.ts'
export type { BlockRequest, BlockResult, Report } from './protocol.ts'
