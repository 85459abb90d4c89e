import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

const page = (...lines: readonly string[]) => `# Guide\n\n## Procedure\n\n### One\n\n${lines.join('\n')}\n`

describe('what one reads is what runs', () => {
  it.each([
    [
      'a block that is static although it says no',
      page('⟪```bash static=false', 'date', '```', '', '```bash', 'date', '```'),
    ],
    ['a reason that is none', page('⟪```bash leaves=false', 'date', '```')],
    ['another reason that is none', page('⟪```bash irreversible=yes', 'date', '```')],
    ['a block in a footnote', page('So.[^1]', '', '[^1]: As', '', '    ⟪```bash', '    date', '    ```')],
    ['a block in a footnote that nothing shows', page('[^1]: As', '', '    ⟪```ts', '    return 1', '    ```')],
    ['a block that is hidden', page('<div ⟪hidden>', '', '```bash', 'date', '```', '', '</div>')],
    ['a block that a style hides', page('<div ⟪style="display: none">', '', '```bash', 'date', '```', '', '</div>')],
    ['a block in a dialogue', page('⟪<dialog>', '', '```bash', 'date', '```', '', '</dialog>')],
    ['a sign that turns the text around', page('```bash', 'date # ⟪\u202e x', '```')],
    ['a sign without a width', page('```ts', "echo('a⟪\u200bb')", '```')],
    ['a sign that moves the cursor', page('```bash', 'date # ⟪\u001b[2K', '```')],
    ['front matter in another language', `⟪---js\n{ title: 1 }\n---\n\n${page('```bash', 'date', '```')}`],
    ['a page that the site reads as MDX', `---\nmdx: { format: ⟪mdx }\n---\n\n${page('```bash', 'date', '```')}`],
  ])('%s', async (_, text) => {
    const { problems, places, marks } = await checkText(text)
    expect(problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0)
    expect(places).toEqual(expect.arrayContaining([...marks]))
  })

  it.each([
    ['a reason', page('```bash static="only to show"', 'date', '```', '', '```bash', 'date', '```')],
    ['an emoji of several signs', page('```bash', 'echo 👩‍👩‍👧', '```')],
    ['a block in a fold', page('<details>', '<summary>x</summary>', '', '```bash', 'date', '```', '', '</details>')],
    [
      'a footnote that shows',
      page('So.[^1]', '', '```bash', 'date', '```', '', '[^1]: As', '', '    ```text', '    x', '    ```'),
    ],
  ])('nothing is said of %s', async (_, text) => {
    expect((await checkText(text)).problems).toEqual([])
  })
})
