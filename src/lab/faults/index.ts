import type { Fault } from '../fault.ts'
import { admissionClosed } from './admission-closed.ts'
import { apiHanging } from './api-hanging.ts'
import { apiKilled } from './api-killed.ts'
import { badDeployment } from './bad-deployment.ts'
import { databaseDown } from './database-down.ts'
import { downstreamDown } from './downstream-down.ts'
import { downstreamHanging } from './downstream-hanging.ts'
import { storageFilling } from './storage-filling.ts'
import { workerKilled } from './worker-killed.ts'

/** The ways in which deployments really break, and which runbooks heal. */
export const faults: readonly Fault[] = [
  storageFilling,
  downstreamDown,
  downstreamHanging,
  badDeployment,
  apiKilled,
  apiHanging,
  workerKilled,
  databaseDown,
  admissionClosed,
]
