import { UsageError } from '../operate/index.ts'

/**
 * Throws a `UsageError` when something keeps the practice deployment from being one of this handbook: it is none to practise another
 * service's pages on. What does, if anything, `findMismatch` of the lab tells; a run, which waits for every import, asks for it late.
 */
export function demandLab(mismatch: string | undefined): void {
  const why = explainNoLab(mismatch)
  if (why !== undefined) throw new UsageError(why, 'Say where to run a page instead: handbook run PAGE --env NAME')
}

/** Why there is no practice deployment for a handbook, in a sentence; nothing when there is one. */
export function explainNoLab(mismatch: string | undefined): string | undefined {
  return mismatch === undefined ? undefined : `There is no practice deployment for this handbook: ${mismatch}`
}
