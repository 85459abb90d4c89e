import { parseDuration } from '../base/index.ts'

/** No `for` or offset gets shorter than this. */
const SHORTEST = 1000

/** A rate needs two samples, and whoever scales time scrapes once a second: no range gets shorter than this. */
const SHORTEST_RANGE = 4000

/**
 * The tokens of PromQL that matter here, in the order in which they are looked for: texts and comments, which stay;
 * `[5m]` and `[1h:5m]`; `offset 5m`; and a span written as a number of seconds, `4 * 3600`.
 */
const TOKENS =
  /(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*)|\[\s*(?<range>[0-9a-z.]+)\s*(?<sub>:\s*(?<resolution>[0-9a-z.]*)\s*)?\]|(?<offset>\boffset\s+-?\s*)(?<by>[0-9a-z.]+)|(?<![\w.])(?<amount>\d+(?:\.\d+)?)\s*\*\s*(?<unit>60|3600|86400)(?![\w.])/g

/** A PromQL expression in which every span of time is `scale` times shorter. */
export function scaleExpression(expression: string, scale: number): string {
  return expression.replace(TOKENS, (token, ...rest) => {
    const groups: Record<string, string | undefined> = rest.at(-1)
    if (groups.text !== undefined) return token
    if (groups.range !== undefined) {
      const resolution = groups.resolution ? scaleDuration(groups.resolution, scale) : ''
      return `[${scaleDuration(groups.range, scale, SHORTEST_RANGE)}${groups.sub === undefined ? '' : `:${resolution}`}]`
    }
    if (groups.by !== undefined) return `${groups.offset ?? ''}${scaleDuration(groups.by, scale)}`
    const seconds = (Number(groups.amount) * Number(groups.unit)) / scale
    return String(Number(Math.max(seconds, SHORTEST / 1000).toFixed(3)))
  })
}

/** `10m` at scale 60 is `10s`; what is no span of time stays as it is, and so does zero. */
export function scaleDuration(text: string, scale: number, shortest = SHORTEST): string {
  const milliseconds = parseDuration(text)
  if (milliseconds === undefined || milliseconds === 0) return text
  const scaled = Math.round(Math.max(milliseconds / scale, Math.min(shortest, milliseconds)))
  const seconds = Math.floor(scaled / 1000)
  const rest = scaled % 1000
  return `${seconds > 0 ? `${seconds}s` : ''}${rest > 0 ? `${rest}ms` : ''}`
}
