import { TOPICS, type Topic } from '../../src/lint/index.ts'
import { type RuleExample, readExample } from './rule-examples.ts'

/** An entry for each rule, with the examples that the tests run. */
export const ruleEntries = async () => TOPICS.flatMap(describeTopic).join('\n\n')

function describeTopic({ title, rules, never }: Topic): string[] {
  const waiver = never === undefined ? 'A page may waive it.' : `It cannot be waived: ${never}.`
  return [
    `## ${title}`,
    ...rules.flatMap(({ id, severity, summary, hint }) => {
      const [bad, good] = [readExample(id, 'bad'), readExample(id, 'good')]
      return [
        `### \`${id}\``,
        `**${summary}.** ${severity === 'error' ? 'An error.' : 'A warning.'} ${waiver}`,
        // Elsewhere a comment would not be seen.
        `${hint.replace(/<!--.*?-->/g, '`$&`')}.`,
        'Wrong:',
        show(bad, good),
        'Right:',
        show(good, bad),
      ]
    }),
  ]
}

function show(example: RuleExample, other: RuleExample): string {
  const code = cutOut(example.text, other.text)
  const longest = Math.max(2, ...(code.match(/^ *`+/gm) ?? []).map(fence => fence.trim().length))
  const fence = '`'.repeat(longest + 1)
  // An example of a rule is a part of another handbook.
  const isShown = example.place === 'handbook.yaml' ? ' static' : ''
  return `${fence}${example.language}${isShown}\n${code}\n${fence}`
}

const LONG = 24

/** A short text whole; of a long one, the front matter or the sections in which it differs from the other. */
function cutOut(text: string, other: string): string {
  const lines = text.trimEnd().split('\n')
  if (lines.length <= LONG) return lines.join('\n')
  const others = other.trimEnd().split('\n')
  let first = lines.findIndex((line, index) => line !== others[index])
  let last = lines.length - 1
  while (last > first && lines[last] === others[others.length - lines.length + last]) last--
  while (first > 0 && !opens(lines, first)) first--
  while (last < lines.length - 1 && !opens(lines, last + 1)) last++
  const shown = lines
    .slice(first, last + 1)
    .join('\n')
    .trim()
  return [first > 0 ? '…\n' : '', shown, last < lines.length - 1 ? '\n…' : ''].filter(Boolean).join('\n')
}

/** Whether a section, or the front matter's end, is at a line. */
function opens(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? ''
  return line.startsWith('## ') || (lines[index - 1] === '---' && index > 1)
}
