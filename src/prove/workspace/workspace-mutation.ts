/** Something done to a copy of the repository that takes away what a gate guards. */
export interface WorkspaceMutation {
  readonly name: string
  readonly title: string
  /** One sentence on what is done. */
  readonly summary: string
  /** Changes the copy in this folder. */
  start(folder: string): Promise<void>
}
