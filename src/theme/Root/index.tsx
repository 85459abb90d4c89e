import { useLocation } from '@docusaurus/router'
import { type ReactNode, useEffect, useLayoutEffect } from 'react'
import Problems from '../Problems'

/** Surrounds every page of the site. While somebody writes, it shows the problems of the handbook beside the page. */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
  useNoPrefetch()
  useUnfoldedOnPaper()
  useChecklist()
  return (
    <>
      {children}
      <Problems />
    </>
  )
}

/**
 * A page loads nothing of the pages that it has links to: on a phone at night that would be most of what is loaded. A link still loads its
 * page when it is pointed at or touched.
 */
function useNoPrefetch(): void {
  useLayoutEffect(() => {
    window.docusaurus = { ...window.docusaurus, prefetch: () => false }
  }, [])
}

/** `?print=checklist` in the address shows a runbook as one sheet of paper, which src/css/checklist.css lays out. */
function useChecklist(): void {
  const { search } = useLocation()
  useEffect(() => {
    const { dataset } = document.documentElement
    if (new URLSearchParams(search).get('print') === 'checklist') dataset.print = 'checklist'
    else delete dataset.print
  }, [search])
}

/** Paper cannot be unfolded: blocks, parameters and proofs are open while a page is printed. */
function useUnfoldedOnPaper(): void {
  useEffect(() => {
    let closed: HTMLDetailsElement[] = []
    const open = () => {
      closed = [...document.querySelectorAll<HTMLDetailsElement>('main details')].filter(fold => !fold.open)
      for (const fold of closed) fold.open = true
    }
    const close = () => {
      for (const fold of closed) fold.open = false
    }
    window.addEventListener('beforeprint', open)
    window.addEventListener('afterprint', close)
    return () => {
      window.removeEventListener('beforeprint', open)
      window.removeEventListener('afterprint', close)
    }
  }, [])
}
