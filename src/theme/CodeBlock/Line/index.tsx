import type { Props } from '@theme/CodeBlock/Line'
import Original from '@theme-original/CodeBlock/Line'
import type { ReactNode } from 'react'

/**
 * A line of code as one piece of HTML, whose colours are those of `code.css`, by day and by night from the first sight of it. An element
 * of React for each word of it would be a third of what is done to make a page, and again to open it.
 */
export default function Line(props: Props): ReactNode {
  const { line, classNames = [], showLineNumbers } = props
  if (showLineNumbers) return <Original {...props} />
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the line's words are escaped, and their classes are Prism's
  return <div className={['token-line', ...classNames].join(' ')} dangerouslySetInnerHTML={{ __html: write(line) }} />
}

function write(line: Props['line']): string {
  const words = line.map(({ types, content }) => {
    const text = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return types.includes('plain') ? text : `<span class="${types.join(' ')}">${text}</span>`
  })
  // A line that holds nothing is a line all the same.
  return `${words.join('').replace(/^\n$/, '')}<br>`
}
