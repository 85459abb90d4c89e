import type { Nodes } from 'mdast'
import { findHiddenFences, parseBlockMeta, readFence } from './fences.ts'
import { isLanguage, OUTPUT_LANGUAGES } from './find-fences.ts'

/** Whether a block runs, or was meant to: one that is marked `static`, or merely indented, is only read. */
export function mayBeRun(node: Nodes, source: readonly string[]): boolean {
  if (node.type === 'html') return findHiddenFences(node).length > 0
  const fence = node.type === 'code' ? readFence(node, source) : undefined
  if (!fence || OUTPUT_LANGUAGES.includes(fence.language.toLowerCase())) return false
  const { flags, values } = parseBlockMeta(fence.meta)
  return !flags.has('static') && !values.has('static')
}

/** Whether a node is a block in a language that steps are written in. */
export function isBlock(node: Nodes, source: readonly string[]): boolean {
  const fence = node.type === 'code' ? readFence(node, source) : undefined
  return fence !== undefined && isLanguage(fence.language) && mayBeRun(node, source)
}
