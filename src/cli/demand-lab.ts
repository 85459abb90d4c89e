import type { Handbook } from '../environments/index.ts'
import { findMismatch, type Lab, LabError, openLab } from '../lab-port/index.ts'
import { UsageError } from '../operate/index.ts'

const NONE = 'There is no practice deployment for this handbook'

/**
 * The practice deployment that a handbook names. Throws a `UsageError` when it names none, or one that lacks what its pages may use: it
 * is none to practise another service's pages on.
 */
export async function demandLab(handbook: Pick<Handbook, 'root' | 'file'>): Promise<Lab> {
  const lab = await openNamedLab(handbook)
  if (!lab) {
    throw new UsageError(
      `${NONE}: its handbook.yaml names no lab`,
      'Name one there, lab: { module: ./lab.mjs } or lab: { commands: … }; or say where to run a page: --env NAME',
    )
  }
  const mismatch = findMismatch(handbook.file, lab)
  if (mismatch === undefined) return lab
  throw new UsageError(`${NONE}: ${mismatch}`, 'Say where to run a page instead: handbook run PAGE --env NAME')
}

/** The lab that a handbook names, if it names one. Throws a `UsageError` when what it names is no lab. */
export async function openNamedLab(handbook: Pick<Handbook, 'root' | 'file'>): Promise<Lab | undefined> {
  try {
    return await openLab(handbook)
  } catch (error) {
    throw error instanceof LabError ? new UsageError(error.message, 'handbook.yaml names it under lab') : error
  }
}
