export { listBreakable } from './list-breakable.ts'
export type { TrialListener } from './trial-listener.ts'
export { tryMutations } from './try-mutations.ts'
