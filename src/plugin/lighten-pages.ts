import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Plugin } from '@docusaurus/types'

/** What Docusaurus gives to every page, and a page gets only with what needs it. */
export function lightenPages(isServer: boolean): ReturnType<NonNullable<Plugin['configureWebpack']>> {
  const theme = dirname(createRequire(__filename).resolve('@docusaurus/theme-classic/package.json'))
  // The colours of code come with the first block of code: src/theme/CodeBlock/Line.
  const resolve = { alias: { [join(theme, 'lib/prism-include-languages')]: false as const } }
  if (isServer) return { resolve }
  // The style of the live parts comes with them.
  const styles = { chunks: ({ name }: { readonly name?: string | null | undefined }) => !name?.startsWith('live') }
  return { resolve, optimization: { splitChunks: { cacheGroups: { styles } } } }
}
