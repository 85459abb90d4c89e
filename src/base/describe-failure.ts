/** What an exception says. */
export function describeFailure(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
