import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFileStore } from '../../src/journal/index.ts'
import { provideRuns } from './provide-runs.ts'
import type { RunOptions } from './run-page.ts'

const runs = provideRuns()

const PAGE = `---
alerts: [A]
---
## Diagnose
### look
\`\`\`bash
hb suggest change a
\`\`\`
## Mitigate
### change
\`\`\`bash
true
\`\`\`
### danger
\`\`\`bash risk=danger
true
\`\`\`
### shed
\`\`\`bash temporary
true
\`\`\`
### pause
\`\`\`bash temporary risk=danger
true
\`\`\`
## Verify
### ok
\`\`\`bash
true
\`\`\`
## Roll back
### back
\`\`\`bash undoes=change
true
\`\`\`
### admit
\`\`\`bash undoes=shed
true
\`\`\`
### resume
\`\`\`bash undoes=pause
true
\`\`\`
`

/** What keeps a step from running. */
type Obstacle =
  | 'nothing'
  | 'somebody has the lock'
  | 'somebody elsewhere has the lock'
  | 'the lock is damaged'
  | 'the lock cannot be written'
  | 'nothing can be recorded'
  | 'the environment allows to read'
  | 'nobody can be asked'
  | 'another machine changes it'

let count = 0

function meet(obstacle: Obstacle): RunOptions {
  count += 1
  const place = join(runs.root, `refusals-${count}`)
  const leave = (text: string): RunOptions => {
    mkdirSync(join(place, 'locks/page@test'), { recursive: true })
    writeFileSync(join(place, 'locks/page@test/7'), text)
    return { leases: createFileStore(join(place, 'runs')) }
  }
  const held = { user: 'anna', run: 'r', since: '2026-11-22T03:15:00.000Z', pid: process.pid }
  switch (obstacle) {
    case 'nothing':
      return {}
    case 'somebody has the lock':
      return leave(JSON.stringify({ ...held, host: hostname() }))
    case 'somebody elsewhere has the lock':
      return leave(JSON.stringify({ ...held, host: 'far' }))
    case 'the lock is damaged':
      return leave('nothing of a holder')
    case 'the lock cannot be written':
      mkdirSync(place)
      writeFileSync(join(place, 'locks'), '')
      return { leases: createFileStore(join(place, 'runs')) }
    case 'nothing can be recorded':
      return { writer: writer => ({ ...writer, keeping: { at: 'nowhere', why: 'the disk is full', from: 1 } }) }
    case 'the environment allows to read':
      return { environment: { auto: 'read' } }
    case 'nobody can be asked':
      return { mode: 'reading' }
    case 'another machine changes it':
      return { environment: { auto: 'danger', hosts: ['ops-1'] } }
    default:
      return obstacle satisfies never
  }
}

const CHANGES = ['change', 'danger']
/** What makes things safer: it pauses something, closes admission, or rolls back. */
const SAFEGUARDS = ['shed', 'pause', 'back', 'admit', 'resume']

test.each<readonly [Obstacle, readonly string[]]>([
  ['nothing', []],
  ['somebody has the lock', CHANGES],
  ['somebody elsewhere has the lock', CHANGES],
  ['the lock is damaged', CHANGES],
  // A lock that cannot be written keeps nobody from a repair.
  ['the lock cannot be written', []],
  ['nothing can be recorded', CHANGES],
  // What is allowed, no step is exempt from.
  ['the environment allows to read', [...CHANGES, ...SAFEGUARDS]],
  ['nobody can be asked', [...CHANGES, ...SAFEGUARDS]],
  ['another machine changes it', ['danger', 'pause']],
])(
  'when %s, these steps are refused: %j',
  async (obstacle, refused) => {
    const seen: string[] = []
    for (const step of [...CHANGES, ...SAFEGUARDS]) {
      const { events, ending } = await runs.run(PAGE, {
        only: step,
        environment: { auto: 'danger' },
        ...meet(obstacle),
      })
      const began = events.some(event => event.type === 'step.started' && event.step === step)
      expect(began, step).toBe(ending.refused === undefined)
      if (!began) seen.push(step)
      const warned = events.some(event => event.type === 'run.warned' && event.message.startsWith('not excluded: '))
      const isHeld = obstacle.includes('has the lock') || obstacle === 'the lock is damaged'
      expect(warned, step).toBe(began && isHeld)
    }
    expect(seen).toEqual(refused)
  },
  120_000,
)
