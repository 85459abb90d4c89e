import type { Props } from '@theme/DocVersionRoot'
import Original from '@theme-original/DocVersionRoot'
import { type ReactNode, useMemo } from 'react'

type Item = NonNullable<Props['version']['docsSidebars'][string]>[number]

/**
 * The pages of one part of the site, each with the list beside it. A category that names a page in `customProps.page` leads there, in
 * the list, in the menu of a phone and above the page: Docusaurus itself lets it lead only to a page of the same part.
 */
export default function DocVersionRoot({ version, ...props }: Props): ReactNode {
  const linked = useMemo(() => {
    const sidebars = Object.entries(version.docsSidebars).map(([name, items]) => [name, items?.map(addLink)])
    return { ...version, docsSidebars: Object.fromEntries(sidebars) }
  }, [version])
  return <Original version={linked} {...props} />
}

function addLink(item: Item): Item {
  const page = item.customProps?.page
  return item.type === 'category' && typeof page === 'string' ? { ...item, href: page } : item
}
