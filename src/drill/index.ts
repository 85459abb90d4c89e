export { drawMatrix, type MatrixListener } from './draw-matrix.ts'
export { type DrillListener, type DrillOptions, drillPages } from './drill-pages.ts'
export { type DrillProgress, type DrillStage, runDrill } from './run-drill.ts'
