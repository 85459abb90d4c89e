/** What bridgectl is given by its entry. */
export interface ControlContext {
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly now: () => Date
  /** How wide tables may be. */
  readonly columns: number
}
