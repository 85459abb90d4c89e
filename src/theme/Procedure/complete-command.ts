/** A command with what was chosen for this page. Where there are several environments and none was chosen, `ENV` says so. */
export function completeCommand(
  command: string,
  given: ReadonlyMap<string, string>,
  environments: readonly string[],
): string {
  const params = [...given].filter(([name, value]) => name !== '--env' && value !== '')
  return [
    command,
    ...(environments.length === 0 ? [] : [`--env ${given.get('--env') || 'ENV'}`]),
    ...params.map(([name, value]) => `--param ${quote(`${name}=${value}`)}`),
  ].join(' ')
}

function quote(word: string): string {
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
