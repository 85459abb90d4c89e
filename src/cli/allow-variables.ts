const ALLOWED = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TERM|SSH_AUTH_SOCK|XDG_\w+)$/

/** What a step may inherit of the environment that the runner was started in. */
export function allowVariables(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const allowed: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) if (value !== undefined && ALLOWED.test(name)) allowed[name] = value
  return allowed
}
