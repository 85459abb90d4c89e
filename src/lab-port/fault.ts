/** A way in which something can be broken, by name. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary?: string
}

/** The source of a fault that somebody begins to write. */
export interface FaultDraft {
  /** Relative to the handbook's root. */
  readonly path: string
  readonly text: string
  /** What is to be done so that the lab knows it. */
  readonly next: readonly string[]
}

/** A fault of the handbook's own files, brought about in a copy of them: it takes away what a check of them guards. */
export interface WorkspaceMutation extends Fault {
  /** Changes the copy in this folder. */
  start(folder: string): Promise<void>
}
