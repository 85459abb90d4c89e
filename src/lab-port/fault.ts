/** A way in which something can be broken, by name. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary?: string
}

/** A fault of the handbook's own files, brought about in a copy of them: it takes away what a check of them guards. */
export interface WorkspaceMutation extends Fault {
  /** Changes the copy in this folder. */
  start(folder: string): Promise<void>
}
