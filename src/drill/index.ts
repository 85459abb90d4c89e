export type { DrillProgress, DrillStage } from './drill-progress.ts'
export type { DrillPlan, DrillWorld, LabWorld, RunWorld } from './plan.ts'
export { runDrill } from './run-drill.ts'
export { runPages } from './run-pages.ts'
