export { connectLab } from './control/control-client.ts'
export { endLab } from './lifecycle/end-lab.ts'
export { startLab } from './lifecycle/start-lab.ts'
export { lab } from './upload-bridge-lab.ts'
