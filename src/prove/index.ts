export { type ProvenAlone, proveAlone } from './inputs/prove-alone.ts'
export { type FalseWord, type ProvenInputs, proveInputs } from './inputs/prove-inputs.ts'
export { TAKINGS } from './inputs/takings.ts'
export { type ProveOptions, prove } from './prove.ts'
