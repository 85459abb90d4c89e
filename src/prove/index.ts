export { type ProveOptions, prove } from './prove.ts'
