import { memo, type ReactNode, useLayoutEffect, useRef } from 'react'
import { toSpans } from './ansi-spans.ts'
import styles from './OutputBox.module.css'
import type { Output } from './output-lines.ts'

/** What a step prints, as text, in a box whose height does not change. It follows the end as long as the reader is there. */
export function OutputBox({ output, label }: { readonly output: Output; readonly label: string }): ReactNode {
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of the output
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [output])
  return (
    <section
      ref={box}
      className={styles.output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 8
      }}
    >
      {output.dropped > 0 && (
        <div className={styles.dropped}>… {output.dropped} lines before these are not shown here</div>
      )}
      {output.lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its number
        <Line key={output.dropped + at} text={line} />
      ))}
    </section>
  )
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
