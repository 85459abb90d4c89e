import { statfsSync } from 'node:fs'
import { LabError } from '../../lab-port/index.ts'
import type { Deployment } from './fault.ts'

/** The free share below which an alert may fire and the volume counts as filling. */
const LOW = 0.15

/** The size of the lab's volume. Throws when it has none, so that a fault would fill the disk of this machine. */
export function requireVolume({ storage }: Deployment): number {
  if (storage.kind === 'volume') return storage.sizeBytes
  throw new LabError('cannot-break', `this would fill the disk of this machine: ${storage.reason}`)
}

/** Whether little of the volume is free. */
export function isVolumeLow({ storagePath }: Deployment): boolean {
  const { bavail, blocks } = statfsSync(storagePath)
  return bavail / blocks < LOW
}
