import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { tell } from './run-page.ts'

const runs = provideRuns()

function step(id: string, code: string, meta = ''): string {
  return `### ${id} <!-- #${id} -->\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

function runbook(verify: string): string {
  return [
    '---\nalerts: [Failing]\n---\n## Diagnose\n',
    step('look', 'hb suggest back "it fails"; hb suggest grow "it is full"'),
    '## Mitigate\n',
    step('back', 'echo older'),
    step('grow', 'echo grown'),
    '## Verify\n',
    step('canary', verify),
    '## Roll back\n',
    step('shrink', 'echo smaller', 'undoes=grow'),
    step('forward', 'echo newer', 'undoes=back when="the release was not the cause"'),
  ].join('\n')
}

const CONDITION = 'forward only when the release was not the cause'

describe('a change that healed', () => {
  test('is nothing that still has to be undone, and says when undoing it is right', async () => {
    const { events, ending } = await runs.run(runbook('true'))
    expect(ending.outcome).toBe('healed')
    expect(tell(events).at(-1)).toBe(`= healed, standing grow, roll back shrink, ${CONDITION}`)
  })

  test('stays when the run is rolled back, and goes when the step that undoes it is named', async () => {
    const page = runbook('false')
    const failed = await runs.run(page)
    expect(tell(failed.events).at(-1)).toBe(`= failed, standing grow, roll back shrink, ${CONDITION}`)

    const rolledBack = await runs.run(page, { rollsBack: failed.folder })
    expect(tell(rolledBack.events)).toContain('shrink passed')
    expect(tell(rolledBack.events)).not.toContain('forward started')
    expect(tell(rolledBack.events).at(-1)).toBe(`= passed, ${CONDITION}`)

    const forward = await runs.run(page, { rollsBack: failed.folder, rollsBackBy: 'forward' })
    expect(tell(forward.events)).toContain('forward passed')
    expect(tell(forward.events)).not.toContain('shrink started')
  })

  test('is not undone twice: naming the step again ends without a pass', async () => {
    const page = runbook('true')
    const healed = await runs.run(page)
    const forward = await runs.run(page, { rollsBack: healed.folder, rollsBackBy: 'forward' })
    expect(forward.ending.outcome).toBe('passed')
    const { ending } = await runs.run(page, { rollsBack: forward.folder, rollsBackBy: 'forward' })
    expect(ending.outcome).toBe('inconclusive')
  })
})
