import { makeVisible } from '../../base/index.ts'
import { describeMisfit, type Param, type ParamValue, parseParam } from '../../procedure/index.ts'
import { ask } from './ask.ts'
import { inTypedPrompt } from './show-step.ts'

/** Asks for parameters, each checked as it is typed; Enter takes the default. Nothing when the person gives up. */
export async function askParams(
  params: readonly Param[],
  known: Readonly<Record<string, ParamValue>>,
  signal: AbortSignal,
): Promise<Record<string, ParamValue> | undefined> {
  const { password, select, text } = await import('@clack/prompts')
  const values: Record<string, ParamValue> = {}
  for (const param of params) {
    const { name, description, secret, type } = param
    const otherwise = known[name]
    const message = makeVisible(description ? `${name}: ${description}` : name)
    const validate = (typed: string | undefined) => {
      if (!typed) return otherwise === undefined ? 'It has no default' : undefined
      const result = parseParam(param, typed)
      return 'expected' in result ? `Expected ${describeMisfit(result)}` : undefined
    }
    const choices = type === 'enum' ? param.values : type === 'boolean' ? ['true', 'false'] : undefined
    const shown = otherwise === undefined ? undefined : String(otherwise)
    const prompt = (signal: AbortSignal) => {
      if (secret)
        return password({
          message: inTypedPrompt(otherwise === undefined ? message : `${message} (Enter: its default)`),
          validate,
          signal,
        }).then(typed => typed ?? '')
      if (choices)
        return select({
          message,
          options: choices.map(value => ({ value, label: makeVisible(value) })),
          ...(shown === undefined ? {} : { initialValue: shown }),
          signal,
        })
      return text({
        message: inTypedPrompt(message),
        validate,
        ...(shown === undefined ? {} : { placeholder: makeVisible(shown), defaultValue: shown }),
        signal,
      })
    }
    const answer = await ask(prompt, signal)
    if (answer === undefined) return undefined
    const result = answer ? parseParam(param, answer) : undefined
    if (result && 'value' in result) values[name] = result.value
    else if (otherwise !== undefined) values[name] = otherwise
  }
  return values
}
