import { join } from 'node:path'
import type { LabPlan } from '../plan/lab-plan.ts'

/** The file of the operators' key. */
export function operatorKeyFile({ paths }: LabPlan): string {
  return join(paths.data, 'operator.key')
}

/** The file of the key with which the handbook's pages read. */
export function readKeyFile({ paths }: LabPlan): string {
  return join(paths.data, 'read.key')
}
