import { useBaseUrlUtils } from '@docusaurus/useBaseUrl'
import MDXCode from '@theme/MDXComponents/Code'
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react'
import type { DiagramView } from '../../plugin/index.ts'
import { breakName } from './Badge.tsx'
import { parseView } from './page-data.ts'
import styles from './Wide.module.css'

/** A table. */
export function WideTable(props: ComponentProps<'table'>): ReactNode {
  return (
    <Frame name="Wide table">
      <table {...props} />
    </Frame>
  )
}

/** The head of a column; above a column that needs none, an empty cell. */
export function HeadCell({ children, ...rest }: ComponentProps<'th'>): ReactNode {
  return children === undefined ? <td {...rest} /> : <th {...rest}>{children}</th>
}

/** A diagram, drawn for day and for night. Screen readers read it as sentences. */
export function Diagram({ view }: { readonly view: string }): ReactNode {
  const { light, dark, says } = parseView<DiagramView>(view)
  const { withBaseUrl } = useBaseUrlUtils()
  return (
    <Frame name="Wide diagram">
      <img className={styles.light} src={withBaseUrl(light)} alt={says} />
      <img className={styles.dark} src={withBaseUrl(dark)} alt={says} loading="lazy" />
    </Frame>
  )
}

/** Where what it holds is wider than the window, it scrolls by itself, and with the keyboard too. */
function Frame({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  const frame = useRef<HTMLDivElement>(null)
  const [wide, setWide] = useState(false)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watcher = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth))
    // What it holds may grow later, such as a drawing that has only just arrived.
    for (const watched of [element, ...element.children]) watcher.observe(watched)
    return () => watcher.disconnect()
  }, [])
  return (
    // A group and no region: a page has many tables, and a list of landmarks has no use for them.
    <div ref={frame} className={styles.frame} {...(wide ? { role: 'group', tabIndex: 0, 'aria-label': name } : {})}>
      {children}
    </div>
  )
}

/** Code in a sentence. A line may break between the words of a name, and behind the slashes of a path. */
export function InlineCode(props: ComponentProps<typeof MDXCode>): ReactNode {
  const { children, ...rest } = props
  const inline = typeof children === 'string' && !children.includes('\n') && !('className' in rest)
  return inline ? <code {...rest}>{breakName(children)}</code> : <MDXCode {...props} />
}
