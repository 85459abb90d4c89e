import type { RemoteLab } from './lab.ts'

/** The lab that runs in a folder, if one does. */
export async function connectLab(_directory: string): Promise<RemoteLab | undefined> {
  return undefined
}
