/** A way in which an example is run, and what comes of it. */
export interface Claim {
  /** A run's outcome; or `rejected`, by the rules in `rules`; or `shown`, for a page of which nothing runs. */
  readonly outcome: string
  readonly rules: readonly string[]
  /** Shell commands that make the machine as the example wants it. */
  readonly after?: string
  readonly params: Readonly<Record<string, string>>
}

/** An example that a page shows, with what the page claims of it. */
export interface Example {
  readonly line: number
  readonly extension: 'md' | 'mdx'
  readonly text: string
  readonly claims: readonly Claim[]
  /** What all of its steps print together, when the page says it. */
  readonly says?: string
}

const MARKER = /^<!-- example: (\S+?),?(?: (.*))? -->$/
const FENCE = /^````(markdown|mdx)$/

/**
 * The examples of a page: fences of four backticks below `<!-- example: OUTCOME, after SHELL, with KEY=VALUE -->`, one marker for each
 * way to run it; `rejected` is followed by the rules. What an example prints stands in the first `text` fence after `It says:`.
 */
export function readExamples(page: string): Example[] {
  const lines = page.split('\n')
  return lines.flatMap((line, index) => {
    const language = FENCE.exec(line)?.[1]
    if (language === undefined) return []
    const end = lines.indexOf('````', index)
    const before = lines.slice(0, index)
    const claims: Claim[] = []
    for (let at = before.length - 1; at >= 0 && /^(?:<!-- example: .*)?$/.test(before[at] ?? ''); at--) {
      const marker = MARKER.exec(before[at] ?? '')
      if (marker) claims.unshift(readClaim(marker[1] ?? '', marker[2] ?? ''))
    }
    const rest = lines.slice(
      end + 1,
      lines.findIndex((text, at) => at > end && /^(?:````|## )/.test(text)),
    )
    const said = /It says:\n\n```text\n([\s\S]*?)\n```/.exec(rest.join('\n'))?.[1]
    return [
      {
        line: index + 1,
        extension: language === 'mdx' ? 'mdx' : 'md',
        text: `${lines.slice(index + 1, end).join('\n')}\n`,
        claims,
        ...(said === undefined ? {} : { says: said }),
      },
    ]
  })
}

/** Files that a page shows beside its examples: fences with `title="scripts/…"`. */
export function readFiles(page: string): Record<string, string> {
  const shown = page.matchAll(/^```\w+ title="(scripts\/[^"]+)"\n([\s\S]*?\n)```$/gm)
  return Object.fromEntries([...shown].map(([, path = '', text = '']) => [path, text]))
}

function readClaim(outcome: string, more: string): Claim {
  if (outcome === 'rejected') return { outcome, rules: more.split(' '), params: {} }
  const after = /^after (.*)$/.exec(more)?.[1]
  const params = [...(/^with (.*)$/.exec(more)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [
    key,
    value,
  ])
  return { outcome, rules: [], params: Object.fromEntries(params), ...(after === undefined ? {} : { after }) }
}
