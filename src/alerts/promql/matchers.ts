import { judgeRegex } from './regex.ts'

/** A condition on a label, as in `{job="api"}`. */
export interface Matcher {
  readonly label: string
  readonly operator: string
  readonly value: string
}

/** What is wrong with the conditions of a selector: one at least must keep out what lacks its label. */
export function judgeMatchers(metric: string | undefined, matchers: readonly Matcher[]): string | undefined {
  for (const { operator, value } of matchers) {
    const wrong = operator.endsWith('~') ? judgeRegex(value) : undefined
    if (wrong !== undefined) return `bad regular expression ${JSON.stringify(value)}: ${wrong}`
  }
  if (metric !== undefined)
    return matchers.some(({ label }) => label === '__name__')
      ? `metric name must not be set twice: ${metric}`
      : undefined
  if (matchers.some(matcher => !matchesEmpty(matcher))) return undefined
  return 'vector selector must contain at least one non-empty matcher'
}

function matchesEmpty({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === ''
  if (operator === '!=') return value !== ''
  return matchesNothing(value) === (operator === '=~')
}

/** Whether a regular expression matches the empty text. */
function matchesNothing(expression: string): boolean {
  const spelt = expression
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?[a-zA-Z-]*([:)])/g, (_, end) => (end === ')' ? '' : '(?:'))
  try {
    return new RegExp(`^(?:${spelt.replaceAll('\\A', '^').replaceAll('\\z', '$')})$`).test('')
  } catch {
    return false
  }
}
