export type {
  Course,
  Fault,
  FaultDraft,
  Felt,
  Lab,
  LabEnding,
  LabOptions,
  LabProfile,
  LabSnapshot,
  Losses,
  RunningWorkload,
  Settings,
  UpLab,
  Workload,
  WorkspaceMutation,
} from './lab.ts'
export { LAB_ERROR_CODES, LabError, type LabErrorCode } from './lab-error.ts'
export { type LabStatus, labEnvironment, type Reconstruction, readLabStatus } from './lab-status.ts'
export { readNotifications } from './notifications.ts'
export { findMismatch, openLab } from './open-lab.ts'
