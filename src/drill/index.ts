export type { DrillProgress, DrillStage } from './drill-progress.ts'
export type { DrillPlan, DrillWorld } from './plan.ts'
export { runDrill } from './run-drill.ts'
