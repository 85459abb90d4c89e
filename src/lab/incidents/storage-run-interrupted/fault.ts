import type { Fault } from '../../kit/fault.ts'
import { admissionClosed } from '../admission-closed/fault.ts'

/** Somebody closed admission while the volume was full, made room, and went away before it was opened again. */
export const storageRunInterrupted: Fault = {
  ...admissionClosed,
  name: 'storage-run-interrupted',
  title: 'Admission stayed closed after the volume was full',
  summary:
    'A run that made room on the volume was interrupted before it opened admission: new uploads are refused with 507, and there is room',
  start: deployment => deployment.bridgectl('admission', 'close', '--reason', 'storage'),
}
