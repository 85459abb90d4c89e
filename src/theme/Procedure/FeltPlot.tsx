import type { ReactNode } from 'react'
import type { FeltView } from '../../plugin/index.ts'
import styles from './FeltPlot.module.css'

const HEIGHT = 60
const KINDS = ['well', 'slow', 'failed'] as const

/** What customers felt during a drill: a bar for each span, and the moments of the drill below them. */
export function FeltPlot({ felt }: { readonly felt: FeltView }): ReactNode {
  const { name, span, late, well, slow, failed, marks } = felt
  const spans = well.length
  const most = Math.max(1, ...well.map((count, index) => count + (slow[index] ?? 0) + (failed[index] ?? 0)))
  const words = marks.map(([mark, second]) => `${mark} at ${Math.round(second)} s`).join(', ')
  return (
    <figure className={styles.felt}>
      <svg viewBox={`0 0 ${spans} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${name}: ${words}`}>
        {KINDS.map(kind => (
          <path key={kind} className={styles[kind]} d={drawBars(kind, felt, most)} />
        ))}
        {marks.map(([mark, second]) => (
          <path key={mark} className={styles.mark} d={`M${second / span} 0V${HEIGHT}`} />
        ))}
      </svg>
      <ol>
        {marks.map(([mark, second]) => (
          <li key={mark}>
            {mark} <span>{Math.round(second)} s</span>
          </li>
        ))}
      </ol>
      <figcaption>
        {name} that ended in each {span} s, over {spans * span} s: <b className={styles.well}>acknowledged</b>,{' '}
        <b className={styles.slow}>after more than {late} s</b>, <b className={styles.failed}>failed</b>. The lines are,
        in their order, the moments above.
      </figcaption>
    </figure>
  )
}

/** The bars of one kind as a path; those of the kinds before it are below them. */
function drawBars(kind: (typeof KINDS)[number], felt: FeltView, most: number): string {
  const scale = HEIGHT / most
  const below = KINDS.slice(0, KINDS.indexOf(kind))
  return felt[kind]
    .map((count, index) => {
      if (count === 0) return ''
      const base = below.reduce((sum, other) => sum + (felt[other][index] ?? 0), 0)
      const round = (value: number) => Math.round(value * 10) / 10
      return `M${index} ${round(HEIGHT - base * scale)}h.8v${round(-count * scale)}h-.8z`
    })
    .join('')
}
