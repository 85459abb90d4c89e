import { describe, expect, it } from 'vitest'
import { readExample } from '../../scripts/references/rule-examples.ts'
import { TOPICS } from '../../src/lint/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { checkWhole } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

/** A guide with two unfinished steps, and waivers as they stand in its front matter. */
const page = (...waivers: readonly string[]) => `---
waivers:
${waivers.map(waiver => `  - ${waiver}`).join('\n')}
---

## Procedure

### One

TODO: one.

\`\`\`bash
true
\`\`\`

#### More of it

TBD.

### Two

FIXME two.

\`\`\`bash
true
\`\`\`
`
const REASON = 'reason: because, until: 2026-12-31'

describe('a waiver', () => {
  it.each([
    ['waives what it names on the whole page', `{ rule: finished-prose, ${REASON} }`, [], ['10', '18', '22']],
    ['waives what it names in its step only', `{ rule: finished-prose, ${REASON}, step: one }`, ['22'], ['10', '18']],
    ['in the last step goes to the end', `{ rule: finished-prose, ${REASON}, step: two }`, ['10', '18'], ['22']],
    ['counts on its last day', '{ rule: finished-prose, reason: r, until: 2026-11-22 }', [], ['10', '18', '22']],
    ['counts for a year', '{ rule: finished-prose, reason: r, until: 2027-11-22 }', [], ['10', '18', '22']],
    [
      'does not count a day longer',
      '{ rule: finished-prose, reason: r, until: 2027-11-23 }',
      withRest('waiver-until'),
      [],
    ],
    ['does not count without a day', '{ rule: finished-prose, reason: r }', withRest('waiver-until'), []],
    [
      'wants a day of the calendar',
      '{ rule: finished-prose, reason: r, until: 2027-02-31 }',
      withRest('waiver-until'),
      [],
    ],
    [
      'wants more than a blank as reason',
      '{ rule: finished-prose, reason: " ", until: 2026-12-31 }',
      withRest('waiver-reason'),
      [],
    ],
    ['expires', '{ rule: finished-prose, reason: r, until: 2026-11-21 }', withRest('waiver-current'), []],
    ['wants a step that there is', `{ rule: finished-prose, ${REASON}, step: three }`, withRest('waiver-target'), []],
    ['of another rule waives nothing', `{ rule: types, ${REASON} }`, withRest('waiver-used'), []],
    ['cannot waive rules for waivers', `{ rule: waiver-used, ${REASON} }`, withRest('waiver-allowed'), []],
  ])('%s', async (_, waiver, problems, waived) => {
    const result = await check(page(waiver))
    expect(result.problems).toEqual(problems)
    expect(result.waived).toEqual(waived)
  })

  it('that comes second waives nothing, and both are told of', async () => {
    const waiver = `{ rule: finished-prose, ${REASON} }`
    expect(await check(page(waiver, waiver))).toEqual({ problems: ['4 waiver-used'], waived: ['11', '19', '23'] })
    expect(await check(page(waiver, `{ rule: finished-prose, ${REASON}, step: two }`))).toMatchObject({
      problems: ['4 waiver-used'],
    })
  })

  it('carries its reason and its day', async () => {
    const root = await makeHandbook({ 'runbooks/example.md': page(`{ rule: finished-prose, ${REASON} }`) })
    const { waived } = await checkWhole(root)
    expect(waived[0]).toMatchObject({
      file: 'runbooks/example.md',
      rule: 'finished-prose',
      severity: 'error',
      hint: 'Finish it, or move it to the issue tracker',
      reason: 'because',
      until: '2026-12-31',
    })
  })

  it('is not called unused where nobody looked', async () => {
    const unused = page(`{ rule: proof-current, ${REASON} }`, `{ rule: finished-prose, ${REASON} }`)
    expect((await check(unused)).problems).toEqual([])
    expect((await check(unused, true)).problems).toEqual(['3 waiver-used'])
    const unlooked = page(`{ rule: shellcheck, ${REASON} }`, `{ rule: finished-prose, ${REASON} }`)
    expect((await check(unlooked)).problems).toEqual([])
    const unread = page(`{ rule: types, ${REASON} }`, `{ rule: finished-prose, ${REASON} }`).replace(
      '### Two',
      '## Procedure',
    )
    expect((await check(unread)).problems).not.toContain('3 waiver-used')
  })
})

it('no rule can be waived that keeps a page from running', () => {
  const waivable = TOPICS.filter(({ never }) => never === undefined).flatMap(({ rules }) => rules.map(({ id }) => id))
  expect(waivable.length).toBeGreaterThan(20)
  for (const rule of waivable) {
    const { text, place } = readExample(rule, 'bad')
    if (place.endsWith('.md'))
      expect(parseProcedure(text, place).problems.map(problem => problem.rule)).not.toContain(rule)
  }
})

/** The rule of the waiver on line 3, and the three problems that stay. */
function withRest(rule: string): string[] {
  return [`3 ${rule}`, '10', '18', '22']
}

/** Where problems are, with the rule when it is not the one that the page breaks, and where waived ones are. */
async function check(text: string, proofs = false): Promise<{ problems: string[]; waived: string[] }> {
  const root = await makeHandbook({ 'runbooks/example.md': text })
  const { problems, waived } = await checkWhole(root, { proofs })
  return {
    problems: problems.map(({ line, rule }) => `${line}${rule === 'finished-prose' ? '' : ` ${rule}`}`),
    waived: waived.map(({ line }) => `${line}`),
  }
}
