/** A way in which something can be broken, by name. */
export interface Fault {
  readonly name: string
  readonly title: string
  /** One sentence on what happens. */
  readonly summary?: string
}

/** The source of a fault that somebody starts to write. */
export interface FaultDraft {
  /** Relative to the handbook's root. */
  readonly path: string
  readonly text: string
  /** What the author must do so that the lab knows the fault. */
  readonly next: readonly string[]
}

/** A fault of the handbook's own files, made in a copy of them. It removes what a check of these files guards. */
export interface WorkspaceMutation extends Fault {
  /** Changes the copy in this folder. */
  start(folder: string): Promise<void>
}
