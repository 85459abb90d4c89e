import type { HandbookFile } from './handbook-file.ts'

/** The name of the file that makes a folder a handbook. */
export const HANDBOOK_FILE = 'handbook.yaml'

/** A handbook: its folder, what its `handbook.yaml` says, and the pages in it. */
export interface Handbook {
  readonly root: string
  readonly file: HandbookFile
  /** Paths of its `.md` and `.mdx` files, relative to the root, with forward slashes, sorted. */
  readonly pages: readonly string[]
}
