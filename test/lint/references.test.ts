import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { bash, checkText, guide } from './check-text.ts'
import { makeHandbook } from './make-handbook.ts'

const GOOD = readFileSync(join(import.meta.dirname, 'handbook/runbooks/another.md'), 'utf8').replace(
  'AnotherAlert',
  'ExampleAlert',
)

async function messages(text: string): Promise<string[]> {
  return (await checkText(text)).problems.map(({ line, rule, message }) => `${line} ${rule}: ${message}`)
}

it('finds nothing wrong with a good runbook', async () => {
  expect(await messages(GOOD)).toEqual([])
})

describe('links', () => {
  it.each([
    '[page](./another.md)',
    '[page](another.md#diagnose)',
    '[step](./another.md#usage)',
    '[root](/runbooks/another.md)',
    '[site](@site/runbooks/another.md)',
    '[script](../scripts/procedures/greet.sh)',
    '[web](https://example.com/x.md#y), <mailto:a@example.com>, [protocol](//example.com/a.md)',
    '[here](#example)',
    '[quoted heading](#in-a-quote)\n\n> ### In a quote',
    '[html](#by-hand)\n\n<a id="by-hand"></a>',
    '![image](../static/img/volume.svg) ![image](/img/volume.svg) ![web](https://example.com/a.png)',
    '![by reference][volume]\n\n[volume]: /img/volume.svg',
    '[with spaces](<./another.md> "A title")',
    '`[not a link](./nowhere.md)`',
  ])('are left alone: %s', async text => {
    expect(await messages(`# Example\n\n${text}\n`)).toEqual([])
  })

  it.each([
    ['[page](./⟪nowhere.md)', 'link-resolves: There is no file runbooks/nowhere.md'],
    ['[out](../../secret.md)', 'link-resolves: ../../secret.md leads out of the handbook'],
    ['[here](#exmaple)', 'anchor-resolves: This page has no anchor #exmaple'],
    ['[there](./another.md#meanings)', 'anchor-resolves: runbooks/another.md has no anchor #meanings'],
    ['![image](./volume.svg)', 'image-exists: There is no file runbooks/volume.svg'],
    ['![by reference][volume]\n\n[volume]: /img/nothing.svg', 'image-exists: There is no file static/img/nothing.svg'],
    ['[by reference][page]\n\n[page]: ./nowhere.md', 'link-resolves: There is no file runbooks/nowhere.md'],
  ])('are found: %s', async (text, message) => {
    const found = await messages(`# Example\n\n${text.replace('⟪', '')}\n`)
    expect(found).toEqual([expect.stringContaining(message)])
  })
})

describe('a link to a file in another part of the site, which the site refuses', () => {
  it.each([
    ['runbooks/example.md', '../docs/guide/index.md', 'docs/guide/index.md', '/docs/guide'],
    ['runbooks/example.md', '../docs/other.md#there', 'docs/other.md', '/docs/other'],
    ['runbooks/example.md', '@site/docs/other.md', 'docs/other.md', '/docs/other'],
    ['docs/guide/example.md', '../../runbooks/more.md', 'runbooks/more.md', '/runbooks/more'],
    ['docs/guide/example.md', '/runbooks/more.md', 'runbooks/more.md', '/runbooks/more'],
  ])('is found in %s: %s', async (from, url, file, address) => {
    const page = '# Page\n\n[in this part](./more.md) [by address](/docs/guide) ![image](/img/volume.svg)\n\n## There\n'
    const names = [
      'runbooks/example.md',
      'runbooks/more.md',
      'docs/guide/index.md',
      'docs/guide/example.md',
      'docs/guide/more.md',
      'docs/other.md',
      'docs/more.md',
    ]
    const files = Object.fromEntries(names.map(name => [name, name === from ? `${page}\n[away](${url})\n` : page]))
    const problems = await checkFolder(await makeHandbook(files))
    expect(problems).toMatchObject([
      {
        file: from,
        rule: 'link-resolves',
        severity: 'error',
        message: expect.stringContaining(file),
        hint: expect.stringContaining(address),
      },
    ])
  })
})

describe('the owner of a page that is no runbook', () => {
  const guide = (owner: string) =>
    `---\ntitle: Work\n${owner}---\n\n## Procedure\n\n### Do it\n\n\`\`\`bash\ndate\n\`\`\`\n`
  it.each([
    ['a guide without one', guide(''), []],
    [
      'a guide with an unknown one',
      guide('owner: storrage\n'),
      ['3 known-owner: handbook.yaml knows no owner storrage'],
    ],
    [
      'prose with an unknown one',
      '---\nowner: storrage\n---\n\n# Prose\n',
      [expect.stringContaining('no owner storrage')],
    ],
    ['prose without one', '# Prose\n', []],
    ['a guide with one', guide('owner: storage\n'), []],
  ])('%s', async (_, text, wanted) => expect(await messages(text)).toEqual(wanted))
})

describe('a runbook', () => {
  it.each([
    [
      'a missing section',
      GOOD.replace('## Impact\n\nUploads are refused.\n', ''),
      '1 required-section: The section “Impact” is missing',
    ],
    [
      'a section that is too deep',
      GOOD.replace('## Impact', '### Impact'),
      '14 required-section: The section “Impact” is missing',
    ],
    [
      'a section with nothing but a comment',
      GOOD.replace('Call the storage team.', '<!-- who? -->'),
      'required-section: The section “Escalate” is empty',
    ],
    ['no owner', GOOD.replace('owner: storage\n', ''), '1 known-owner: Nobody owns this runbook'],
    ['no review', GOOD.replace('reviewed: 2026-11-01\n', ''), '1 reviewed-lately: This runbook was never reviewed'],
    [
      'a review that is a day too old',
      GOOD.replace('2026-11-01', '2026-05-25'),
      '7 reviewed-lately: The last review, of 2026-05-25, is 181 days old',
    ],
    ['a review on no day', GOOD.replace('2026-11-01', '2026-02-30'), '7 reviewed-past: 2026-02-30 is not a day'],
    [
      'a review in two days',
      GOOD.replace('2026-11-01', '2026-11-24'),
      '7 reviewed-past: The review of 2026-11-24 lies in the future',
    ],
    [
      'an irreversible step that does not say why',
      GOOD.replace(/irreversible="[^"]*"/, 'irreversible=""'),
      'way-back: The step “Delete stale uploads” does not say why it is irreversible',
    ],
    [
      'two drills with one fault',
      GOOD.replace('reviewed:', '  - { fault: storage-filling }\nreviewed:'),
      '7 drill-fault: Another drill of this page has the fault storage-filling already',
    ],
    [
      'an unfinished table',
      GOOD.replace('Uploads are refused.', '| When | What |\n| --- | --- |\n| now | TBD |'),
      '18 finished-prose: TBD is left here',
    ],
  ])('is found: %s', async (_, text, message) => {
    expect(text).not.toBe(GOOD)
    expect(await messages(text)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ['a review on the last day', GOOD.replace('2026-11-01', '2026-05-26')],
    ['a review tomorrow, where it is tomorrow already', GOOD.replace('2026-11-01', '2026-11-23')],
    ['keys of the site', GOOD.replace('owner:', 'sidebar_position: 1\nslug: /x\ntags: [a]\ncustomers: many\nowner:')],
    ['a todo list in a word', GOOD.replace('Uploads are refused.', 'The TODOs, `TODO` and todo are words.')],
  ])('is left alone: %s', async (_, text) => {
    expect(text).not.toBe(GOOD)
    expect(await messages(text)).toEqual([])
  })
})

it('says nothing that follows from front matter which cannot be read', async () => {
  const found = await messages(GOOD.replace('owner: storage', 'owner: ['))
  expect(found.filter(message => !/^\d+ front-matter: /.test(message))).toEqual([])
})

it('wants no way back of a step of Mitigate that is one', async () => {
  const back =
    '### Bring them back <!-- #restore -->\n\n```bash undoes=purge when="they are wanted"\nhb service api restart\n```\n\n## Verify'
  expect(await messages(GOOD.replace('## Verify', back).replace(/ irreversible="[^"]*"/, ''))).toEqual([])
})

describe('the runbook_url of an alert', () => {
  const rules = (url: string) =>
    `groups:\n  - name: x\n    rules:\n      - alert: AnotherAlert\n        expr: up\n        annotations:\n          runbook_url: ${url}\n`

  it.each([
    'https://handbook.example/runbooks/another',
    'https://handbook.example/runbooks/another/?from=alert#diagnose',
    '/runbooks/another',
    '"https://{{ $labels.site }}/runbooks/{{ $labels.alertname }}"',
  ])('may be %s', async url => {
    const root = await makeHandbook({ 'static/monitoring/example.rules.yaml': rules(url) })
    expect(await checkFolder(root, { whole: true })).toEqual([])
  })

  it.each([
    ['https://other.example/runbooks/another', 'leads to no page of this handbook'],
    ['https://handbook.example/docs/another', 'leads to no page of this handbook'],
  ])('may not be %s', async (url, message) => {
    const root = await makeHandbook({ 'static/monitoring/example.rules.yaml': rules(url) })
    expect(await checkFolder(root, { whole: true })).toMatchObject([
      {
        rule: 'runbook-url',
        line: 4,
        message: expect.stringContaining(message),
        expected: 'https://handbook.example/runbooks/another',
      },
    ])
  })
})

describe('a script', () => {
  const fence = (code: string) => bash(code).replace('```bash', '```bash file=scripts/procedures/greet.sh')

  it.each([
    ['differs', fence('echo hello\n⟪echo moon')],
    ['ends early', fence('⟪echo hello')],
    ['goes on', fence('echo hello\necho world\n⟪echo again')],
  ])('is found at its first line that %s', async (_, block) => {
    const { problems, places, marks } = await checkText(guide(block))
    expect(places).toEqual(marks)
    expect(problems).toMatchObject([{ rule: 'script-matches' }])
  })

  it('is found when it does not exist, or lies outside', async () => {
    const missing = guide(fence('echo').replace('greet', 'great'))
    expect(await messages(missing)).toEqual(['5 script-matches: There is no script scripts/procedures/great.sh'])
    const outside = guide(fence('echo').replace('scripts/procedures', '../..'))
    expect(await messages(outside)).toEqual(['5 script-matches: The script ../../greet.sh lies outside the handbook'])
  })
})

describe('what a check looks at', () => {
  it('is the whole handbook, or only some pages of it', async () => {
    const broken = guide(bash('echo "$NOPE"'))
    const root = await makeHandbook({ 'runbooks/example.md': broken, 'docs/other.md': broken })
    const files = async (whole: boolean) => (await checkFolder(root, { whole })).map(({ file }) => file)
    expect(await files(false)).toEqual(['runbooks/example.md'])
    expect(await files(true)).toEqual(['docs/other.md', 'runbooks/example.md'])
  })

  it('is every page with the same answer as alone', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [
        `runbooks/example-${index}.md`,
        guide(bash(`echo "$NOPE_${index}"`), bash('if')),
      ]),
    )
    const problems = await checkFolder(await makeHandbook(files))
    expect(problems.map(({ file, rule }) => `${file} ${rule}`)).toEqual(
      Object.keys(files).flatMap(file => [`${file} bash-variable`, `${file} bash-syntax`]),
    )
  })
})

describe('what undoes a change', () => {
  const page = (first: string, second: string, undone = 'open') =>
    `## Procedure\n\n### Open <!-- #open -->\n\n\`\`\`bash ${first}\ntrue\n\`\`\`\n\n## Roll back\n\n### Close <!-- #close -->\n\n\`\`\`bash undoes=${undone} ${second}\ntrue\n\`\`\`\n`
  const check = async (text: string) =>
    (await messages(text)).filter(message => /undoes-says-when|when-undoes|undoes-a-step/.test(message))

  it('says when, unless what it undoes is temporary', async () => {
    expect(await check(page('', 'when="it rains"'))).toEqual([])
    expect(await check(page('temporary', ''))).toEqual([])
    expect(await check(page('', ''))).toEqual([
      '13 undoes-says-when: #open is not temporary, and nothing says when to undo it',
    ])
    expect(await check(page('risk=danger irreversible="no"', ''))).toHaveLength(1)
    expect(await check(page('temporary', 'when="it rains"'))).toEqual([expect.stringContaining('when-undoes')])
  })

  it('is another step of the page', async () => {
    expect(await check(page('', '', 'opne'))).toEqual([expect.stringContaining('names no step of this page')])
    expect(await check(page('temporary', '', 'close'))).toContainEqual(
      '13 undoes-a-step: undoes=close names this step itself',
    )
  })
})
