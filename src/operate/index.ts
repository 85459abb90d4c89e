export { type DrilledRun, runPage } from './run-page.ts'
export { runPages } from './run-pages.ts'
export type { LabWorld, RunWorld } from './run-world.ts'
