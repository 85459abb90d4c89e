import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

const step = (id: string, language: string, code: string) =>
  `### S <!-- #${id} -->\n\n\`\`\`${language}\n${code}\n\`\`\`\n\n`
const page = (...steps: readonly string[]) => `## Procedure\n\n${steps.join('')}`

describe('two values with one name in bash are found at the later one', () => {
  it.each([
    [
      'bash and bash',
      page(step('a', 'bash', 'echo b_c=1 >> "$STEP_OUTPUT"'), step('a-b', 'bash', 'echo "⟪c=1" >> $STEP_OUTPUT')),
    ],
    [
      'ts and bash',
      page(
        step('disk', 'ts', 'return { usedPercent: 1 }'),
        step('disk-used', 'bash', '{\n  echo one\n  printf "⟪percent=%s\\n" 1\n} >> "$STEP_OUTPUT"'),
      ),
    ],
    [
      'bash and ts, the longer name first',
      page(
        step('disk-used', 'bash', 'cat >> "$STEP_OUTPUT" <<END\npercent=1\nEND'),
        step('disk', 'ts', 'return { ⟪used_percent: 1 }'),
      ),
    ],
    [
      'ts and ts',
      page(step('a', 'ts', "const x = { 'b c': 1 }\nreturn x"), step('a_b', 'ts', 'const ⟪c = 1\nreturn { c }')),
    ],
    ['one value', page(step('a', 'ts', "return { 'a-b': 1, ⟪a_b: 2 }"))],
    ['one value in other case', page(step('a', 'ts', 'return { freeBytes: 1, ⟪free_bytes: 2 }'))],
    ['one value in bash', page(step('a', 'bash', 'echo a-b=1 >> "$STEP_OUTPUT"\necho ⟪a.b=1 >> "$STEP_OUTPUT"'))],
    [
      'a parameter and a secret',
      `---\nparams:\n  readToken: ⟪{ default: x }\n---\n\n${page(step('a', 'bash', 'date'))}`,
    ],
  ])('%s', async (_, text) => {
    const { problems, places, marks } = await checkText(text)
    expect(problems.map(({ rule }) => rule)).toEqual(['unique-variables'])
    expect(places).toEqual(marks)
  })

  it.each([
    ['apart', page(step('a', 'ts', 'return { b: 1, c: 2 }'), step('a-b', 'ts', 'return { b: 1, d: 2 }'))],
    [
      'one key in two branches',
      page(step('a', 'bash', 'if date; then echo b=1 >> "$STEP_OUTPUT"; else\necho b=2 >> "$STEP_OUTPUT"; fi')),
    ],
    [
      'what is only said',
      page(
        step('a', 'bash', 'echo b_c=1\necho x=1 >> "$STEP_OUTPUT"'),
        step('a-b', 'bash', 'echo c=1 >> "$STEP_OUTPUT"'),
      ),
    ],
    ['an unknown shape', page(step('a', 'ts', "const x: Record<string, number> = { 'a-b': 1, a_b: 1 }\nreturn x"))],
    ['names inside', page(step('a', 'ts', "return { x: { 'a-b': 1, a_b: 1 } }"))],
  ])('nothing is said of %s', async (_, text) => {
    expect((await checkText(text)).problems).toEqual([])
  })
})
