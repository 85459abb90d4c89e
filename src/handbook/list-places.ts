import { HANDBOOK_FILE, type HandbookFile } from '../environments/index.ts'
import { SCRIPTS } from './list-scripts.ts'
import { READINESS_FOLDER } from './read-readiness.ts'

/** The files and folders that a handbook is made of, relative to its root; only its file, while that cannot be read. */
export function listPlaces(file: HandbookFile | undefined): readonly string[] {
  if (!file) return [HANDBOOK_FILE]
  const { pages, rules, proofs, readiness } = file
  return [HANDBOOK_FILE, SCRIPTS, READINESS_FOLDER, proofs, ...pages, ...rules, ...(readiness ? [readiness] : [])]
}
