import { createRequire } from 'node:module'
import type { PostCssOptions } from '@docusaurus/types'

/** Has each plugin of PostCSS made once. Docusaurus gives their names, and makes them anew for every style sheet: half of what they take. */
export function reusePostCss(options: PostCssOptions): PostCssOptions {
  const require = createRequire(__filename)
  return {
    ...options,
    plugins: options.plugins.map((plugin: unknown) => {
      if (!Array.isArray(plugin)) return plugin
      const [name, settings] = plugin
      const make: unknown = require(name)
      return typeof make === 'function' ? make(settings) : plugin
    }),
  }
}
