import Layout from '@theme/Layout'
import NotFoundContent from '@theme/NotFound/Content'
import type { ReactNode } from 'react'

/** What stands at addresses that are none. */
export default function NotFound(): ReactNode {
  return (
    <Layout title="No page at this address">
      <NotFoundContent />
    </Layout>
  )
}
