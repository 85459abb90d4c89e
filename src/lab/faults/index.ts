import type { Fault } from '../fault.ts'
import { badDeployment } from './bad-deployment.ts'
import { downstreamDown } from './downstream-down.ts'
import { downstreamHanging } from './downstream-hanging.ts'
import { storageFilling } from './storage-filling.ts'

/** The ways in which deployments really break, and which runbooks heal. */
export const faults: readonly Fault[] = [storageFilling, downstreamDown, downstreamHanging, badDeployment]
