import { join } from 'node:path'

/** Where everything of a lab lies in its folder. */
export interface LabPaths {
  readonly directory: string
  readonly state: string
  readonly claim: string
  readonly config: string
  readonly bin: string
  readonly logs: string
  readonly data: string
  readonly releases: string
  /** Two repositories of backups and their password. */
  readonly backup: string
  readonly monitoring: string
  readonly volume: string
  /** Where the volume is mounted. */
  readonly mount: string
  /** The service's folder on the volume. */
  readonly storage: string
}

/** The paths of the lab in a folder, which is absolute and free of links. */
export function labPaths(directory: string): LabPaths {
  const volume = join(directory, 'volume')
  const mount = join(volume, 'mount')
  return {
    directory,
    state: join(directory, 'lab.json'),
    claim: join(directory, 'claim.json'),
    config: join(directory, 'upload-bridge.yaml'),
    bin: join(directory, 'bin'),
    logs: join(directory, 'logs'),
    data: join(directory, 'data'),
    releases: join(directory, 'releases'),
    backup: join(directory, 'data', 'backup'),
    monitoring: join(directory, 'monitoring'),
    volume,
    mount,
    storage: join(mount, 'storage'),
  }
}
