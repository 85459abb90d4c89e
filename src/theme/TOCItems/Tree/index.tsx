import type { Props } from '@theme/TOCItems/Tree'
import Original from '@theme-original/TOCItems/Tree'
import type { ReactNode } from 'react'

/** The table of contents. A line may break between the words of a name in camel case. */
export default function Tree({ toc, ...props }: Props): ReactNode {
  return <Original {...props} toc={toc.map(addBreaks)} />
}

function addBreaks(item: Props['toc'][number]): Props['toc'][number] {
  return { ...item, value: breakWords(item.value), children: item.children.map(addBreaks) }
}

/** The heading is HTML: what stands inside tags stays. */
function breakWords(html: string): string {
  return html
    .split(/(<[^>]*>)/)
    .map(part => (part.startsWith('<') ? part : part.replaceAll(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, '<wbr>')))
    .join('')
}
