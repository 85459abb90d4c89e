import type { Code } from 'mdast'
import { isMap, parseDocument } from 'yaml'
import { type HandbookFile, parseHandbookFile } from '../../environments/index.ts'
import { listNodes } from '../../procedure/index.ts'
import { type Rule, type Violation, violation } from '../rule.ts'
import { judgeEnvironments } from './environment-values.ts'
import { findMissingFacts, findMissingSecrets } from './environments.ts'

/**
 * Somebody copies what a page shows. A YAML fence with the title `handbook.yaml` is a part of this handbook's own file. One without a title
 * that has `environments` is an excerpt, which need not state everything.
 */
export const handbookExample: Rule = {
  id: 'handbook-example',
  severity: 'error',
  summary: 'An example of handbook.yaml on a page would be accepted',
  hint: 'Correct the example, or mark the fence static',
  checkPage: ({ tree }, { file }) =>
    listNodes(tree).flatMap(node =>
      node.type === 'code' && /^ya?ml$/.test(node.lang ?? '') ? checkFence(node, file) : [],
    ),
}

function checkFence({ value, meta, position }: Code, file: HandbookFile): Violation[] {
  if (/(?:^|\s)static(?:[\s=]|$)/.test(meta ?? '')) return []
  const title = /\btitle=(?:"([^"]*)"|'([^']*)'|(\S+))/
    .exec(meta ?? '')
    ?.slice(1)
    .find(Boolean)
  const isWhole = title !== undefined && /(?:^|\/)handbook\.yaml$/.test(title)
  if (!isWhole && (title !== undefined || !/^environments[ \t]*:/m.test(value))) return []
  const { line = 1, column = 1 } = position?.start ?? {}
  // The page's fence stands one line above, and its own indentation before.
  const found = judge(value, file, isWhole)
  return found.map(violation => ({ ...violation, line: line + violation.line, column: column + violation.column - 1 }))
}

function judge(text: string, file: HandbookFile, isWhole: boolean): Violation[] {
  const { contents } = parseDocument(text, { prettyErrors: false, logLevel: 'error' })
  const has = (key: string) => isMap(contents) && contents.has(key)
  // Whoever copies a part has the rest.
  const missing = has('url') ? '' : `\nurl: ${file.url}`
  const result = parseHandbookFile(text + missing)
  if ('problems' in result)
    return result.problems.map(({ line, column, message, hint }) =>
      violation({ line, column }, message, hint ? { hint } : {}),
    )
  const rest = (key: 'target' | 'services' | 'secrets') => (has(key) ? {} : { [key]: file[key] })
  const example: HandbookFile = { ...result.file, ...rest('target'), ...rest('services'), ...rest('secrets') }
  return [
    ...judgeEnvironments(example, text),
    ...(isWhole ? [...findMissingFacts(example, text), ...findMissingSecrets(example, text)] : []),
  ]
}
