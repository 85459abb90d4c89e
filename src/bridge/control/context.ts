/** What bridgectl is given by its entry. */
export interface ControlContext {
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly now: () => Date
  /** The operator, for the audit trail; throws where the system has no name for them. */
  readonly user: () => string
  readonly version: string
  /** How wide tables may be. */
  readonly columns: number
}
