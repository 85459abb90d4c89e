export { Block } from './Block.tsx'
export { Overview } from './Overview.tsx'
export { Phase } from './Phase.tsx'
export { Step } from './Step.tsx'
