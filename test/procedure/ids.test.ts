import { describe, expect, it } from 'vitest'
import { toVariable } from '../../src/base/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

/** A guide with these headings above its steps. */
function guide(...headings: readonly string[]) {
  const steps = headings.map(heading => `### ${heading}\n\n\`\`\`bash\ntrue\n\`\`\`\n`)
  return parseProcedure(`## Procedure\n\n${steps.join('\n')}`, 'docs/page.md')
}

/** The ids of their steps. */
function ids(...headings: readonly string[]): readonly string[] {
  return guide(...headings).phases.flatMap(({ steps }) => steps.map(({ id }) => id))
}

describe('a heading without letters has an id that can be typed, and stays when it moves', () => {
  it.each([
    ['🚨', 'u1f6a8'],
    ['🔥🔥', 'u1f525-1f525'],
    ['???', 'u3f-3f-3f'],
    [' !!!', 'u21-21-21'],
    ['`&&`', 'u26-26'],
    ['—', 'u2014'],
    ['👩‍🚒', 'u1f469-1f692'],
    ['❤️', 'u2764'],
    ['', 'untitled'],
    ['`df -h`', 'df--h'],
    ['検査', '検査'],
    ['فحص القرص', 'فحص-القرص'],
  ])('%s', (heading, id) => {
    expect(ids(heading)).toEqual([id])
    expect(ids('first', heading)).toEqual(['first', id])
    expect(toVariable(id)).toMatch(/^[A-Z0-9]\w*$/)
  })
})

it('two of one text are told apart', () => {
  expect(ids('🚨', '🚨')).toEqual(['u1f6a8', 'u1f6a8-1'])
  expect(ids('a', 'a', 'a-1')).toEqual(['a', 'a-1', 'a-1-1'])
  expect(guide('🚨', '🔥', '???', 'a', 'a', 'a-1', '検査', '点検').problems).toEqual([])
})

describe('ids that could be taken for each other are refused at the later step', () => {
  it.each([
    ['in other letters', ['Fix <!-- #Fix -->', 'fix <!-- #fix -->']],
    ['a given one, and one from the text', ['A', 'A', 'other <!-- #a-1 -->']],
    ['with another sign between', ['x <!-- #a-b -->', 'y <!-- #a_b -->']],
    ['in another Unicode form', ['Café on', 'Cafe\u0301 on']],
    ['twice the same', ['x <!-- #a -->', 'y <!-- #a -->']],
    ['from its text, and given before', ['x <!-- #a -->', 'a']],
  ])('%s', (_, headings) => {
    const { problems } = guide(...headings)
    expect(problems.map(({ rule, line }) => `${line} ${rule}`)).toEqual([`${3 + (headings.length - 1) * 6} unique-ids`])
  })

  it('says what nobody sees', () => {
    const [problem] = guide('Café on', 'Cafe\u0301 on').problems
    expect(problem?.message).toMatch(/^cafe\u0301-on looks the same as the id of line \d+, and is written with other/)
  })
})
