import type { ReactNode } from 'react'
import Problems from '../Problems'

/** Around every page of the site: beside it stands what is wrong with the handbook, while somebody writes. */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <>
      {children}
      <Problems />
    </>
  )
}
