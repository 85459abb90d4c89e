import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { createFileStore } from '../../src/journal/index.ts'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()
let count = 0
let locks = ''
let store: ReturnType<typeof createFileStore>
beforeEach(() => {
  count += 1
  const place = join(runs.root, `place-${count}`)
  store = createFileStore(join(place, 'runs'))
  locks = join(place, 'locks')
})

const GUIDE = (code: string, meta = '') => `## Procedure\n### one\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
const run = (code: string, options: RunOptions = {}, meta = '') =>
  runs.run(GUIDE(code, meta), { leases: store, ...options })

/** Leaves a lock as somebody held it. */
function leave(holder: object): string {
  const folder = join(locks, 'page@test')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, '7'),
    JSON.stringify({ user: 'anna', run: 'r', since: '2026-11-22T03:15:00.000Z', ...holder }),
  )
  return folder
}

describe('one run at a time changes an environment by a procedure', () => {
  test('another is refused, and told who does it and how to stop that', async () => {
    const folder = leave({ host: hostname(), pid: process.pid })
    const inner = await run('echo there')
    expect(inner.events.filter(({ type }) => type === 'step.started')).toEqual([])
    expect(inner.ending.refused).toMatch(
      new RegExp(
        `^anna@${hostname()} is changing this already: run r, process ${process.pid}, since 2026-11-22T03:15Z`,
      ),
    )
    expect(inner.ending.refused).toContain('handbook runs cancel r')
    expect(inner.ending.refused).toContain(join(folder, '7'))
  })

  test('it is held while steps run, and free again after the run, however that ends', async () => {
    const folder = join(locks, 'page@test')
    const held: unknown[] = []
    const look = (event: { type: string }) => {
      if (event.type === 'step.started')
        for (const name of readdirSync(folder)) held.push(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    }
    await run('false', { listen: look })
    expect(held).toEqual([
      expect.objectContaining({ user: 'tester', pid: process.pid, run: expect.stringMatching(/^run-/) }),
    ])
    expect((await run('true')).ending.outcome).toBe('passed')
    expect(readdirSync(folder)).toHaveLength(1)
  })

  test('a run that only reads neither takes it nor minds it', async () => {
    leave({ host: hostname(), pid: process.pid })
    expect((await run('true', {}, 'risk=read')).ending.outcome).toBe('passed')
  })

  test('another environment has another lock', async () => {
    leave({ host: hostname(), pid: process.pid })
    expect((await run('true', { environment: { name: 'other' } })).ending.outcome).toBe('passed')
  })
})

describe('it is taken over', () => {
  test('from a holder who is gone, which is told', async () => {
    leave({ host: hostname(), pid: 2 ** 22 - 1 })
    const { events, ending } = await run('true')
    expect(ending.outcome).toBe('passed')
    expect(tell(events)).toContain('warned: took over from run r, because its runner has ended')
  })

  test('from one whose number another process has by now', async () => {
    leave({ host: hostname(), pid: process.pid, start: 'another boot/1' })
    expect((await run('true')).ending.outcome).toBe('passed')
  })

  test('but not from one on another machine', async () => {
    leave({ host: 'far', pid: 1 })
    expect((await run('true')).ending.refused).toContain('on far: ps -p 1')
  })
})

test('what the lock says of no holder lets nobody change anything, and it is said how to look and how to clear it', async () => {
  const folder = join(locks, 'page@test')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, '3'), '{"user":"an')
  const { ending, events } = await run('true')
  expect(events.filter(({ type }) => type === 'step.started')).toEqual([])
  expect(ending.refused).toMatch(/^somebody may be changing this already: the lock is damaged/)
  expect(ending.refused).toContain(`The lock is ${join(folder, '3')}`)
  expect(ending.refused).toContain('remove the file')
})

test('a run whose lock another took over changes nothing more', async () => {
  const page = `${GUIDE('echo first')}### two\n\`\`\`bash\necho second\n\`\`\`\n`
  const { ending, events } = await runs.run(page, {
    leases: store,
    listen(event) {
      if (event.type !== 'step.finished') return
      const folder = join(locks, 'page@test')
      writeFileSync(join(folder, '2'), JSON.stringify({ user: 'anna', host: 'far', pid: 1, run: 'q', since: '' }))
      rmSync(join(folder, '1'))
    },
  })
  expect(tell(events)).not.toContain('two started')
  expect(ending.refused).toMatch(/^this run lost its lock to another run/)
  expect(readdirSync(join(locks, 'page@test'))).toEqual(['2'])
})
