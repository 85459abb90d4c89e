import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Environment } from '../../src/environments/index.ts'
import { type Clock, NAMESPACE } from '../../src/runner/index.ts'
import { requires } from '../environment/requires.ts'
import { provideRuns } from './provide-runs.ts'
import { createFakeClock, type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()
const PAGE = `---
params:
  pin: { type: string, default: pin-4711, secret: true }
  age: { type: duration, default: 24h }
---
## Procedure
### look
\`\`\`bash risk=read
echo full=97 >> "$STEP_OUTPUT"
\`\`\`
### purge
\`\`\`bash risk=danger
echo purged
\`\`\`
`

describe.runIf(requires('approvals', ['ssh-keygen']))('danger in a protected environment', () => {
  let environment: Partial<Environment> = {}
  beforeAll(() => {
    const approvers: Record<string, string[]> = {}
    for (const name of ['anna', 'ben', 'stranger']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(runs.root, name)])
      if (name !== 'stranger') approvers[name] = [readFileSync(join(runs.root, `${name}.pub`), 'utf8').trim()]
    }
    environment = { protected: true, approvers }
  })

  const sign = (key: string, text: string, namespace = NAMESPACE) =>
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', join(runs.root, key), '-n', namespace], {
      input: text,
      stdio: 'pipe',
    })

  /** Waits a turn, and lets somebody sign what is asked for, once. */
  async function runWith(answer: (text: string) => Buffer | undefined, options: RunOptions = {}) {
    const asked: string[] = []
    let folder = ''
    const fake = createFakeClock()
    const clock: Clock = {
      ...fake,
      async sleep(milliseconds, signal) {
        const file = join(folder, 'approvals/purge.txt')
        if (asked.length === 0) {
          asked.push(readFileSync(file, 'utf8'))
          const signature = answer(asked[0] ?? '')
          if (signature) writeFileSync(join(folder, 'approvals/purge.txt.sig'), signature)
        }
        await fake.sleep(milliseconds, signal)
      },
    }
    const done = await runs.run(PAGE, {
      environment,
      clock,
      by: 'ben',
      writer(writer) {
        folder = join(runs.root, 'runs', writer.run)
        return writer
      },
      ...options,
    })
    return { ...done, told: tell(done.events), asked: asked[0] ?? '', waits: fake.waits }
  }

  test('waits for the signature of somebody else, and records it', async () => {
    const { told, asked, ending, events } = await runWith(text => sign('anna', text))
    expect(ending.outcome).toBe('passed')
    expect(told).toEqual([
      '# procedure',
      'look started',
      'look passed {"full":"97"}',
      'waiting for approval of purge',
      'purge approved by anna',
      'purge started',
      'purge stdout: purged\n',
      'purge passed',
      '= passed',
    ])
    expect(asked).toMatch(/^handbook approval 1\nrun {9}run-\d+\nby {10}ben@/)
    for (const line of [
      'environment test',
      'step        purge',
      'params      {"age":"24h","pin":"[redacted]"}',
      'values      {"look":{"full":"97"}}',
    ])
      expect(asked.split('\n')).toContain(line)
    expect(asked).not.toContain('pin-4711')
    const approved = events.find(event => event.type === 'step.approved')
    expect(approved).toMatchObject({ text: asked, signature: expect.stringContaining('BEGIN SSH SIGNATURE') })
  })

  test.each([
    ['of whoever runs it', (text: string) => sign('ben', text), 'ben runs this, and cannot approve it'],
    ['of nobody who may', (text: string) => sign('stranger', text), 'it is not signed by an approver of test'],
    [
      'of something else',
      (text: string) => sign('anna', text.replace('97', '98')),
      'the signature of anna is not one of this request',
    ],
    [
      'made for another purpose',
      (text: string) => sign('anna', text, 'file'),
      'the signature of anna is not one of this request',
    ],
    ['that is none', () => Buffer.from('yes'), 'it is not signed by an approver of test'],
  ])(
    'a signature %s is none',
    async (_, answer, problem) => {
      const { told, ending, waits } = await runWith(answer)
      expect(told).toContain(`warned: not an approval: ${problem}`)
      expect(told).not.toContain('purge started')
      expect(ending.refused).toMatch(
        /^nobody approved “purge” within 15 min\. After the approval \(handbook runs approve run-/,
      )
      expect(waits).toHaveLength(900)
    },
    120_000,
  )

  test('what was approved while nobody waited is found when the run is resumed', async () => {
    const first = await runWith(() => undefined)
    expect(first.ending.refused).toContain('handbook runs resume')
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const again = await runWith(() => undefined, { resumes: first.folder })
    expect(again.told.slice(0, 3)).toEqual(['resumed', '# procedure', 'purge approved by anna'])
    expect(again.ending.outcome).toBe('passed')
  })

  test('an approval does not hold for whoever resumes it, if that is another', async () => {
    const first = await runWith(() => undefined)
    writeFileSync(join(first.folder, 'approvals/purge.txt.sig'), sign('anna', first.asked))
    const again = await runWith(() => undefined, { resumes: first.folder, by: 'anna' })
    expect(again.told).toContain('warned: not an approval: anna runs this, and cannot approve it')
    expect(again.told).not.toContain('purge started')
  })

  test('begins with nobody’s approval when the glass is broken, which is recorded with the reason', async () => {
    const { told, events } = await runWith(() => undefined, { breakGlass: 'all asleep' })
    expect(told.slice(3, 5)).toEqual(['purge unapproved: all asleep', 'purge started'])
    expect(events[0]).toMatchObject({ breakGlass: 'all asleep' })
    expect(events.find(event => event.type === 'step.unapproved')).toMatchObject({ by: { user: 'ben' } })
  })

  test('is refused where nobody can approve', async () => {
    const { ending, folder } = await runWith(() => undefined, { environment: { protected: true } })
    expect(ending.refused).toBe('test is protected, but handbook.yaml names no approvers for it')
    expect(existsSync(join(folder, 'approvals'))).toBe(false)
  })

  test('a person is asked first, and the approval is waited for after', async () => {
    const { told } = await runWith(text => sign('anna', text), { mode: 'interactive' })
    expect(told.slice(3, 6)).toEqual([
      'waiting for confirmation of purge',
      'waiting for approval of purge',
      'purge approved by anna',
    ])
  })
})
