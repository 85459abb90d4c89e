import type { Props } from '@theme/CodeBlock/Line'
import includeLanguages from '@theme/prism-include-languages'
import Original from '@theme-original/CodeBlock/Line'
import { Prism } from 'prism-react-renderer'
import type { ReactNode } from 'react'

// Docusaurus would have every page load them, also those without code: src/plugin/lighten-pages.ts.
includeLanguages(Prism)

/**
 * A line of code as one piece of HTML, with the colours of `code.css` for light and dark. A React element for each word would take a third
 * of the time to build a page, and of the time to open it.
 */
export default function Line(props: Props): ReactNode {
  const { line, classNames = [], showLineNumbers } = props
  if (showLineNumbers) return <Original {...props} />
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the line's words are escaped, and their classes are Prism's
  return <div className={['token-line', ...classNames].join(' ')} dangerouslySetInnerHTML={{ __html: write(line) }} />
}

/** An option of several words, which Prism does not know as one. */
const OPTION = /(?<=^|\s)--\w+(?:-\w+)+(?=[\s=]|$)/g

function write(line: Props['line']): string {
  const words = line.map(({ types, content }) => {
    const text = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return types.includes('plain')
      ? text.replaceAll(OPTION, '<span class="parameter">$&</span>')
      : `<span class="${types.join(' ')}">${text}</span>`
  })
  // An empty line is a line, too.
  return `${words.join('').replace(/^\n$/, '')}<br>`
}
