import { onTestFinished } from 'vitest'
import type { Problem } from '../../src/base/index.ts'
import { type CheckFolderOptions, checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

/** Stands right before what is wrong. */
const MARK = '⟪'

/** What a check says of a page, and where its marks are. */
export interface CheckedText {
  readonly problems: readonly Problem[]
  /** The problems' places, `line:column`. */
  readonly places: readonly string[]
  /** The marks' places, `line:column`. */
  readonly marks: readonly string[]
}

/** Checks a page in which marks stand before what is wrong; `extension` is `md` unless said. */
export async function checkText(
  marked: string,
  extension = 'md',
  options: CheckFolderOptions = {},
): Promise<CheckedText> {
  const root = await makeHandbook({ [`runbooks/example.${extension}`]: marked.replaceAll(MARK, '') })
  const problems = await checkFolder(root, options)
  onTestFinished(({ task }) => {
    if (task.result?.state === 'fail') console.log(problems)
  })
  return tell(marked, problems)
}

/** Checks many pages in which marks stand before what is wrong in one handbook, which takes little longer than one: by their texts. */
export async function checkTexts(marked: readonly string[]): Promise<ReadonlyMap<string, CheckedText>> {
  const nameOf = (index: number) => `runbooks/example-${index}.md`
  const root = await makeHandbook(
    Object.fromEntries(marked.map((text, index) => [nameOf(index), text.replaceAll(MARK, '')])),
  )
  const problems = await checkFolder(root)
  return new Map(
    marked.map((text, index) => [
      text,
      tell(
        text,
        problems.filter(({ file }) => file === nameOf(index)),
      ),
    ]),
  )
}

function tell(marked: string, problems: readonly Problem[]): CheckedText {
  const marks: string[] = []
  for (const [index, line] of marked.split(/\r\n|\r|\n/).entries()) {
    const parts = line.split(MARK)
    let column = 1
    for (const part of parts.slice(0, -1)) {
      column += part.length
      marks.push(`${index + 1}:${column}`)
    }
  }
  return { problems, places: problems.map(({ line, column }) => `${line}:${column}`), marks }
}

/** A guide with one step for each block; ids are `one`, `two`, `three`… */
export function guide(...blocks: readonly string[]): string {
  const ids = ['one', 'two', 'three', 'four', 'five']
  const steps = blocks.map((block, index) => `### Step ${index + 1} <!-- #${ids[index]} -->\n\n${block}\n`)
  return `## Procedure\n\n${steps.join('\n')}`
}

/** A fence in TypeScript. */
export function ts(code: string): string {
  return `\`\`\`ts\n${code}\n\`\`\``
}

/** A fence in bash. */
export function bash(code: string): string {
  return `\`\`\`bash\n${code}\n\`\`\``
}
