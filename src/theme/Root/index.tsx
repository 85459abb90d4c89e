import type { ReactNode } from 'react'
import Problems from '../Problems'

/** Surrounds every page of the site. While somebody writes, it shows the problems of the handbook beside the page. */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      {children}
      <Problems />
    </>
  )
}
