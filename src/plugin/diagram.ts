import { createHash } from 'node:crypto'

/** A diagram of a page, as it was drawn before the build. */
export interface DiagramView {
  /** The addresses of its drawings for day and night. */
  readonly light: string
  readonly dark: string
  /** The same in words. */
  readonly says: string
}

/** The drawings of a diagram, by its source: another source has other drawings. */
export function viewDiagram(source: string): DiagramView {
  const name = createHash('sha256').update(source.trim()).digest('hex').slice(0, 12)
  return {
    light: `/diagrams/${name}.light.svg`,
    dark: `/diagrams/${name}.dark.svg`,
    says: `Diagram. ${describeDiagram(source)}`,
  }
}

/** A flowchart in sentences, an arrow each: `API to Worker: job.` */
function describeDiagram(source: string): string {
  const names = new Map<string, string>()
  for (const [, id = '', label = ''] of source.matchAll(/(\w+)\s*[[({>]+"?([^"\])}]+)"?[\])}]+/g))
    names.set(id, label.trim())
  const say = (group: string) =>
    group
      .split('&')
      .map(part => /^\s*(\w+)/.exec(part)?.[1] ?? '')
      .filter(Boolean)
      .map(id => names.get(id) ?? id)
      .join(' and ')
  return source
    .split('\n')
    .flatMap(line => {
      const parts = line.split(ARROW)
      return parts.length < 3
        ? []
        : Array.from({ length: (parts.length - 1) / 2 }, (_, at) => {
            const label = parts[2 * at + 1]?.replaceAll(/^[-.=\s"]+|[-.=>\s"]+$/g, '') ?? ''
            return `${say(parts[2 * at] ?? '')} to ${say(parts[2 * at + 2] ?? '')}${label === '' ? '' : `: ${label}`}.`
          })
    })
    .join(' ')
}

/** An arrow with its label, which may stand in it. */
const ARROW = /\s((?:--|-\.|==)(?:\s.*?\s)?(?:-->|\.->|==>|->|>))\s/
