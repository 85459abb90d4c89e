/** Why bridgectl ends without having done what it was asked: 1 failed, 2 wrong usage or no deployment named. */
export class ControlError extends Error {
  readonly exitCode: 1 | 2

  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ControlError'
    this.exitCode = exitCode
  }
}

/** The command line is wrong. */
export function wrongUsage(message: string): ControlError {
  return new ControlError(2, message)
}

/** The command line is right, but it cannot be done. */
export function failure(message: string, options?: ErrorOptions): ControlError {
  return new ControlError(1, message, options)
}
