import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { tell } from './run-page.ts'

const runs = provideRuns()

/** A phase with its steps, each an id and what it runs. */
function phase(title: string, ...steps: readonly (readonly [id: string, code: string, meta?: string])[]): string {
  const written = steps.map(
    ([id, code, meta = '']) => `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`,
  )
  return `## ${title}\n${written.join('')}`
}

const PROCEDURE = phase('Procedure', ['copy', 'true'], ['move', 'true'])
const VERIFY = phase('Verify', ['look', 'true'])
const BACK = phase('Roll back', ['return', 'true', 'undoes=move'])

/** What was begun, and how it ended. */
async function run(text: string, options = {}) {
  const { events } = await runs.run(text, options)
  return tell(events).filter(line => /^[#=]|started$/.test(line))
}

describe('a guide', () => {
  test.each([
    [
      'Verify after Procedure',
      PROCEDURE + VERIFY,
      ['# procedure', 'copy started', 'move started', '# verify', 'look started', '= passed'],
    ],
    [
      'Verify before Procedure',
      VERIFY + PROCEDURE,
      ['# verify', 'look started', '# procedure', 'copy started', 'move started', '= passed'],
    ],
    [
      'Checks after Procedure',
      PROCEDURE + phase('Checks', ['ask', 'true']),
      ['# procedure', 'copy started', 'move started', '# checks', 'ask started', '= passed'],
    ],
    [
      'Roll back, which waits',
      PROCEDURE + VERIFY + BACK,
      [
        '# procedure',
        'copy started',
        'move started',
        '# verify',
        'look started',
        '= passed, standing move, roll back return',
      ],
    ],
    ['Verify alone', VERIFY, ['# verify', 'look started', '= passed']],
    [
      'a Verify that fails',
      PROCEDURE + phase('Verify', ['look', 'false']) + BACK,
      [
        '# procedure',
        'copy started',
        'move started',
        '# verify',
        'look started',
        '= failed, standing move, roll back return',
      ],
    ],
  ])('runs its phases in the order of the page: %s', async (_, text, expected) => {
    expect(await run(text)).toEqual(expected)
  })

  test.each([
    ['move', ['# procedure', 'move started', '# verify', 'look started', '= passed, standing move, roll back return']],
    ['look', ['# verify', 'look started', '= passed']],
    ['return', ['# roll-back', 'return started', '= passed']],
  ])('begins at the step %s', async (from, expected) => {
    expect(await run(PROCEDURE + VERIFY + BACK, { from })).toEqual(expected)
  })
})

test('a runbook that has nothing to diagnose did not begin anywhere', async () => {
  const { ending } = await runs.run(
    `---\nalerts: [Filling]\n---\n${phase('Mitigate', ['move', 'true', 'irreversible="so"'])}`,
  )
  expect(ending).toMatchObject({
    outcome: 'inconclusive',
    reason: 'Diagnose suggests nothing to do here: no step ruled anything out',
  })
})
