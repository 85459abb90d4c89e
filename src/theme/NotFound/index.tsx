import Layout from '@theme/Layout'
import NotFoundContent from '@theme/NotFound/Content'
import type { ReactNode } from 'react'

/** The page for an address without a page. */
export default function NotFound(): ReactNode {
  return (
    <Layout title="No page at this address">
      <NotFoundContent />
    </Layout>
  )
}
