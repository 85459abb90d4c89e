import { memo, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { toSpans } from './ansi-spans.ts'
import styles from './OutputBox.module.css'
import type { Output } from './output-lines.ts'

/** What a step prints, as text, in a box whose height does not change. It follows the end; for who reads further up, nothing moves. */
export function OutputBox({ output, label }: { readonly output: Output; readonly label: string }): ReactNode {
  const box = useRef<HTMLElement>(null)
  /** What there was when the reader left the end. */
  const [kept, setKept] = useState<Output>()
  const since = kept ? count(output) - count(kept) : 0
  // Fewer than there were: the step was taken anew.
  const { dropped, lines } = kept && since >= 0 ? kept : output
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of the output
  useLayoutEffect(() => {
    if (box.current && !kept) box.current.scrollTop = box.current.scrollHeight
  }, [output, kept])
  return (
    <section
      ref={box}
      className={styles.output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const atEnd = scrollHeight - scrollTop - clientHeight < 8
        if (atEnd === (kept !== undefined)) setKept(atEnd ? undefined : output)
      }}
    >
      {dropped > 0 && <div className={styles.dropped}>… {dropped} lines before these are not shown here</div>}
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its number
        <Line key={dropped + at} text={line} />
      ))}
      {since > 0 && <div className={styles.dropped}>… {since} lines came since: go on to the end</div>}
    </section>
  )
}

function count({ dropped, lines }: Output): number {
  return dropped + lines.length
}

const Line = memo(function Line({ text }: { readonly text: string }): ReactNode {
  return (
    <div>
      {toSpans(text).map(({ text, ink, ground, bold, dim, italic, underlined }, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line stay where they are
          key={at}
          data-ink={ink}
          data-ground={ground}
          data-bold={bold}
          data-dim={dim}
          data-italic={italic}
          data-underlined={underlined}
        >
          {text}
        </span>
      ))}
      {text === '' && '\n'}
    </div>
  )
})
