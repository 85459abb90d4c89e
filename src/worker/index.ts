export { endTree } from './end-tree.ts'
export { isAlive } from './is-alive.ts'
export type { BlockRequest, BlockResult, Report } from './protocol.ts'
export { type BlockWorker, startWorker } from './start-worker.ts'
