import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

/** A guide whose first step is never closed, and a step below it. */
const broken = (fence: string, next = '```bash\ntrue\n```') =>
  `# Guide\n\n## Procedure\n\n### One\n\n${fence}\n\n### Two\n\n${next}\n`

describe('a fence that is not closed is named, and not the one that begins after it', () => {
  it.each([
    ['backticks', broken('⟪```bash\ntrue')],
    ['another language', broken('⟪```ts timeout=1m\nreturn 1', '```ts\nreturn 2\n```')],
    ['tildes', broken('⟪~~~~bash\ntrue', '~~~~bash\ntrue\n~~~~')],
    ['more marks than end it', broken('⟪````bash\ntrue\n```')],
    ['other marks than end it', broken('⟪```bash\ntrue\n~~~')],
    ['to the end of the page', broken('```bash\ntrue\n```', '⟪```bash\nfalse')],
    ['in a list', broken('- so\n\n  ⟪```bash\n  true')],
    ['in a quote', broken('> ⟪```bash\n> true')],
    ['in a list, and the next one too', broken('- so\n\n  ⟪```bash\n  true\n\n  ```bash\n  false\n  ```\n')],
    [
      'an output before a step',
      `# Guide\n\nAs in\n\n⟪\`\`\`text\nx\n\n## Procedure\n\n### One\n\n\`\`\`bash\ntrue\n\`\`\`\n`,
    ],
    ['a page that would be prose', '# Guide\n\n⟪```text\nx\n\n## Procedure\n\nText.\n'],
    ['with an indent', broken('  ⟪```bash\n  true')],
  ])('%s', async (_, text) => {
    const { problems, places, marks } = await checkText(text)
    expect(places).toEqual(marks)
    expect(problems).toMatchObject([{ rule: 'closed-fence', hint: expect.stringContaining('Close it with') }])
  })

  it('says no more of a runbook whose sections it swallows', async () => {
    const { problems, places, marks } = await checkText(`---
title: Example
alerts: [ExampleAlert]
owner: storage
reviewed: 2026-11-01
---

## Meaning

x

## Diagnose

### Look <!-- #look -->

⟪\`\`\`bash
hb suggest mend "so"

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash irreversible="so"
true
\`\`\`
`)
    const errors = problems.filter(({ severity, rule }) => severity === 'error' && rule !== 'alert-exists')
    expect(errors).toMatchObject([{ rule: 'closed-fence' }])
    expect(places).toContain(marks[0])
  })
})

it.each([
  ['a longer fence that shows one', '````md\n```bash\ntrue\n```\n````'],
  ['tildes that show backticks', '~~~md\n```bash\ntrue\n```\n~~~'],
  ['a text of marks', '```text\n  `a` ```\n```'],
  ['code with a template', '```js\nconst a = `\n```'],
])('nothing is said of %s', async (_, text) => {
  expect((await checkText(`# Page\n\n${text}\n`)).problems).toEqual([])
})
