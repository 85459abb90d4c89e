import Link from '@docusaurus/Link'
import { useLocation } from '@docusaurus/router'
import useIsBrowser from '@docusaurus/useIsBrowser'
import type { ReactNode } from 'react'
import RunbookList from '../../RunbookList/index.tsx'

/**
 * The text for an address without a page. Somebody may have followed a link in an alert, so it searches for what the address ends with:
 * the nearest pages are there at once.
 */
export default function NotFoundContent(): ReactNode {
  const { pathname } = useLocation()
  const isBrowser = useIsBrowser()
  const words = isBrowser ? readAddress(pathname) : ''
  return (
    <main className="container margin-vert--xl">
      <h1>There is no page at this address</h1>
      <p>
        If an alert brought you here, its runbook has moved. Below is what comes nearest to the address. Otherwise go to
        the <Link to="/">front page</Link>.
      </p>
      {words === '' ? <RunbookList /> : <RunbookList start={words} />}
    </main>
  )
}

/** The last part of an address as words: `DiskFilling`, `disk full` of `disk-full.html` and of `disk-full/index.html`. */
function readAddress(path: string): string {
  const last = path.split('/').findLast(part => part !== '' && !/^index(?:\.\w+)?$/i.test(part)) ?? ''
  return decode(last)
    .replace(/\.(?:html?|mdx?)$/i, '')
    .replaceAll(/[-_+]+/g, ' ')
    .trim()
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
