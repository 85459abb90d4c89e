import type { Lab, LabOptions } from './lab.ts'

/** Stands up a whole deployment and returns when every part is ready; what was started is ended when one part fails. */
export async function startLab(_options: LabOptions): Promise<Lab> {
  throw new Error('not yet')
}
