export { BREAKABLE } from './breakable.ts'
export type { TrialListener } from './trial-listener.ts'
export { tryBreakages } from './try-breakages.ts'
