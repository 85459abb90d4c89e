import MDXCode from '@theme/MDXComponents/Code'
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'
import { breakName } from './Badge.tsx'
import styles from './Wide.module.css'

/** A table. Where it is wider than the window it scrolls by itself, and with the keyboard too. */
export function WideTable(props: ComponentProps<'table'>): ReactNode {
  const frame = useRef<HTMLElement>(null)
  const [wide, setWide] = useState(false)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watcher = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [])
  return (
    <section ref={frame} className={styles.frame} {...(wide ? { tabIndex: 0, 'aria-label': 'Wide table' } : {})}>
      <table {...props} />
    </section>
  )
}

/** Code in a sentence. A line may break between the words of a name, and behind the slashes of a path. */
export function InlineCode(props: ComponentProps<typeof MDXCode>): ReactNode {
  const { children, ...rest } = props
  const inline = typeof children === 'string' && !children.includes('\n') && !('className' in rest)
  return inline ? <code {...rest}>{breakName(children)}</code> : <MDXCode {...props} />
}
