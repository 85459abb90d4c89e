import { describe, expect, test } from 'vitest'
import { readHistory } from '../../src/journal/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { findObstacle } from '../../src/runner/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, readRecording } from './run-page.ts'

const runs = provideRuns()

const step = (id: string, code: string, meta = '') => `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`

/** A guide that sheds load for a while, and fails before it has it back. */
const PAGE = `---
title: Shed
params:
  size: { type: integer, default: 3, description: how many }
---
## Procedure
${step('shed', 'true', 'temporary')}
${step('drop', 'true', 'risk=change')}
${step('work', 'false')}
${step('admit', 'true', 'undoes=shed')}
${step('raise', 'true', 'undoes=drop')}
`

async function failAndResume(page: string, options: RunOptions = {}) {
  const { folder } = await runs.run(PAGE)
  const { events } = await runs.run(page, { resumes: folder, ...options })
  return events.at(-1)
}

describe('a resumed run remembers what it changed before, whatever its page is by now', () => {
  test.each<[string, string, object[]]>([
    [
      'the same',
      PAGE,
      [
        { step: 'shed', undoneBy: 'admit' },
        { step: 'drop', undoneBy: 'raise' },
      ],
    ],
    [
      'answers an alert',
      PAGE.replace('title: Shed\n', 'title: Shed\nalerts: [A]\n').replace('## Procedure', '## Mitigate'),
      [
        { step: 'shed', undoneBy: 'admit' },
        { step: 'drop', undoneBy: 'raise' },
      ],
    ],
    [
      'begins with a step that fails',
      PAGE.replace('## Procedure\n', `## Procedure\n${step('first', 'false')}`),
      [
        { step: 'shed', undoneBy: 'admit' },
        { step: 'drop', undoneBy: 'raise' },
      ],
    ],
    [
      'has lost the steps and what undoes them',
      PAGE.replace(
        /### (?:shed|drop|admit|raise)[\s\S]*?```\n.*\n```\n|### (?:shed|drop|admit|raise)[\s\S]*?\n```\n/g,
        '',
      ),
      [{ step: 'shed' }, { step: 'drop' }],
    ],
    [
      'has lost what undoes them',
      PAGE.replace(step('admit', 'true', 'undoes=shed'), '').replace(step('raise', 'true', 'undoes=drop'), ''),
      [{ step: 'shed' }, { step: 'drop' }],
    ],
    [
      'calls them by another name',
      PAGE.replaceAll('shed <!-- #shed', 'shed <!-- #load')
        .replace('undoes=shed', 'undoes=load')
        .replace('true\n```\n\n### drop', 'false\n```\n\n### drop'),
      [{ step: 'shed' }, { step: 'drop', undoneBy: 'raise' }],
    ],
    [
      'takes none for temporary',
      PAGE.replace('temporary', 'risk=change').replace('undoes=shed', ''),
      [{ step: 'shed' }, { step: 'drop', undoneBy: 'raise' }],
    ],
    [
      'takes one for reading',
      PAGE.replace('risk=change', 'risk=read'),
      [
        { step: 'shed', undoneBy: 'admit' },
        { step: 'drop', undoneBy: 'raise' },
      ],
    ],
  ])('%s', async (_, page, standing) => {
    const end = await failAndResume(page)
    expect(end?.type === 'run.finished' && end.standing).toEqual(expect.arrayContaining(standing))
    expect(end?.type === 'run.finished' && end.standing.length).toBeGreaterThanOrEqual(standing.length)
  })

  test('and what was undone stays undone when its page has lost both', async () => {
    const page = PAGE.replace(step('work', 'false'), '').replace('### raise', `${step('work', 'false')}### raise`)
    const { folder, events } = await runs.run(page)
    expect(events.at(-1)).toMatchObject({ standing: [{ step: 'drop', undoneBy: 'raise' }] })
    const lost = page.replace(step('shed', 'true', 'temporary'), '').replace(step('admit', 'true', 'undoes=shed'), '')
    const resumed = await runs.run(lost, { resumes: folder })
    expect(resumed.events.at(-1)).toMatchObject({ standing: [{ step: 'drop', undoneBy: 'raise' }] })
  })
})

describe('an edit of what a step is wants a yes', () => {
  test.each<[string, (page: string) => string, string]>([
    [
      'its kind',
      page => page.replace('title: Shed\n', 'title: Shed\nalerts: [A]\n').replace('## Procedure', '## Mitigate'),
      'the page was a guide, and is a runbook',
    ],
    [
      'a parameter’s type',
      page => page.replace('type: integer', 'type: string').replace('default: 3', "default: '3'"),
      'the parameter size was integer, and is string',
    ],
    [
      'a parameter’s limit',
      page => page.replace('default: 3', 'default: 3, max: 9'),
      'the parameter size was integer, and is integer up to 9',
    ],
    [
      'a parameter that becomes secret',
      page => page.replace('type: integer', 'type: string, secret: true').replace('default: 3', "default: '3456'"),
      'the parameter size was integer, and is secret string',
    ],
    [
      'that it leaves something',
      page => page.replace('risk=change', 'risk=change leaves="a tunnel"'),
      'leaves of #drop was not there, and is a tunnel',
    ],
    [
      'that it is temporary',
      page => page.replace('risk=change', 'temporary'),
      'temporary of #drop was not there, and is true',
    ],
    [
      'what it undoes',
      page => page.replace('undoes=drop', 'risk=change'),
      'undoes of #raise was drop, and is not there',
    ],
    [
      'its condition',
      page => page.replace('undoes=drop', 'undoes=drop when="it was not"'),
      'when of #raise was not there, and is it was not',
    ],
    [
      'its risk',
      page => page.replace('risk=change', 'risk=danger irreversible="gone"'),
      'irreversible of #drop was not there, and is gone',
    ],
    ['its language', page => page.replace('#drop -->\n```bash', '#drop -->\n```ts'), 'the block of #drop is another'],
  ])('%s', async (_, edit, told) => {
    const { folder } = await runs.run(PAGE)
    const history = readHistory((await readRecording(folder)).events)
    if (!history) throw new Error('no history')
    const find = (text: string) => findObstacle('r', history, parseProcedure(text, 'page.md'), [], false)
    expect(find(PAGE)).toBeUndefined()
    expect(find(PAGE.replace('title: Shed', 'title: Shed it\nkeywords: [load]'))).toBeUndefined()
    expect(find(edit(PAGE))?.message).toContain(told)
  })
})
