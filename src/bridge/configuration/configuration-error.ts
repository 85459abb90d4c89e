/** A configuration that cannot be used; each problem names its key. The process exits with 78 (`EX_CONFIG`). */
export class ConfigurationError extends Error {
  readonly exitCode = 78
  readonly file: string
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super(`${file}: ${problems.join('; ')}`, options)
    this.name = 'ConfigurationError'
    this.file = file
    this.problems = problems
  }
}
