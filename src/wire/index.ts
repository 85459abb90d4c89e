export type * from './runs.ts'
export type * from './wire.ts'
