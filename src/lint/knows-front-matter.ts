import type { Procedure } from '../procedure/index.ts'

/** Whether the front matter could be read; if not, nobody knows which parameters there are. */
export function knowsFrontMatter({ problems }: Procedure): boolean {
  return !problems.some(({ rule }) => rule === 'front-matter')
}
