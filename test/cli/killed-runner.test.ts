import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endLiving, eventually, findLiving, makeMarker } from '../execute/living.ts'
import { readRecording } from '../runner/run-page.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())

const runsFolder = () => join(handbook.home, '.local/state/handbook/runs')

/** What runs hand over lies on a tmpfs, where there is one. */
const listScratch = (run: string) =>
  ['/dev/shm', join(handbook.root, 'tmp')].flatMap(folder =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter(name => name.startsWith(`handbook-run-${run}-`))
      .map(name => join(folder, name)),
  )

const PROGRAMS: readonly [string, (marker: string) => string][] = [
  ['bash', marker => `\`\`\`bash\nsleep ${marker}\n\`\`\``],
  ['a session of its own', marker => `\`\`\`bash\nsetsid sleep ${marker} & wait\n\`\`\``],
  [
    'a double fork with an empty environment',
    marker => `\`\`\`bash\n( ( env -i setsid sleep ${marker} & ) & )\nsleep ${marker}\n\`\`\``,
  ],
  [
    'one that ignores signals',
    marker => `\`\`\`bash\ntrap '' TERM HUP INT; setsid sleep ${marker} & sleep ${marker}\n\`\`\``,
  ],
  ['a command of a ts block', marker => `\`\`\`ts\nawait $\`setsid sleep ${marker}\`\n\`\`\``],
  [
    'a ts block that loops for ever',
    marker =>
      `\`\`\`ts\nrequire('node:child_process').spawn('sleep', ['${marker}'], { detached: true, stdio: 'ignore' })\nfor (;;) {}\n\`\`\``,
  ],
]

describe.each(PROGRAMS)('when the runner is killed in a step, nothing of it is alive 2 s later: %s', (_, block) => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('%s', async name => {
    const marker = makeMarker()
    handbook.write('page.md', `## Procedure\n### one\n${block(marker)}\n`)
    const runner = handbook.start(['run', 'page.md', '--auto'])
    expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
    runner.kill(name)
    expect(await eventually(() => findLiving(marker).length === 0, 2000)).toBe(true)
    const { exitCode } = await runner
    if (name === 'SIGTERM') expect(exitCode).toBe(130)
    const [run = ''] = readdirSync(runsFolder())
    const { badLine, events } = await readRecording(join(runsFolder(), run))
    expect(badLine).toBeUndefined()
    const types = events.map(({ type }) => type).filter(type => type !== 'step.output' && type !== 'step.supervised')
    expect(types.slice(2)).toEqual(['step.started', ...(name === 'SIGTERM' ? ['step.finished', 'run.finished'] : [])])
    expect((await handbook.run('runs', 'list')).stdout).toContain(name === 'SIGTERM' ? 'cancelled' : 'interrupted')
  })
})

test('what an earlier step left running on purpose outlives a killed runner', async () => {
  const daemons = [makeMarker(), makeMarker()]
  const doomed = makeMarker()
  const page = [
    `### a\n\`\`\`bash leaves="it is to stay"\nsetsid sleep ${daemons[0]} > /dev/null 2>&1 &\n\`\`\`\n`,
    `### b\n\`\`\`ts leaves="it is to stay"\nrequire('node:child_process').spawn('sleep', ['${daemons[1]}'], { detached: true, stdio: 'ignore' }).unref()\n\`\`\`\n`,
    `### c\n\`\`\`ts\nawait $\`sleep ${doomed}\`\n\`\`\`\n`,
  ]
  handbook.write('page.md', `## Procedure\n${page.join('')}`)
  const runner = handbook.start(['run', 'page.md', '--auto'])
  expect(await eventually(() => findLiving(doomed).length > 0)).toBe(true)
  runner.kill('SIGKILL')
  expect(await eventually(() => findLiving(doomed).length === 0, 2000)).toBe(true)
  await runner
  expect(daemons.map(endLiving)).toEqual([true, true])
})

test('what the steps of a killed runner handed over is removed by cancel', async () => {
  const marker = makeMarker()
  handbook.write('page.md', `## Procedure\n### one\n\`\`\`bash\necho a=1 >> "$STEP_OUTPUT"\nsleep ${marker}\n\`\`\`\n`)
  const runner = handbook.start(['run', 'page.md', '--auto'])
  expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
  const [run = ''] = readdirSync(runsFolder())
  const handedOver = () => listScratch(run)
  // While it runs: once it is killed, any other run on this machine may sweep it.
  expect(handedOver()).toHaveLength(1)
  runner.kill('SIGKILL')
  await runner
  expect((await handbook.run('runs', 'cancel', run)).stdout).toContain('interrupted')
  expect(handedOver()).toEqual([])
})

test('nothing that is kept of a killed run holds a secret, and the next run sweeps what it was handed', async () => {
  const marker = makeMarker()
  const secret = 'as-secret-as-can-be-4711'
  handbook.write('token', secret)
  handbook.write(
    'handbook.yaml',
    'url: https://x.example\npages: [docs]\nenvironments:\n  staging: { auto: danger, secrets: { token: { file: token, for: read } } }\n',
  )
  const tells = [
    'echo "$TOKEN" > "$HB_EVIDENCE/direct"',
    'hb evidence named token',
    'echo "v=$TOKEN" >> "$STEP_OUTPUT"',
  ]
  handbook.write(
    'docs/page.md',
    `## Procedure\n### one\n\`\`\`bash\nmkdir -p "$HB_EVIDENCE"\n${tells.join('\n')}\nsleep ${marker}\n\`\`\`\n`,
  )
  handbook.write('docs/other.md', '## Procedure\n### one\n```bash\ntrue\n```\n')
  const runner = handbook.start(['run', 'page', '--env', 'staging', '--auto'])
  expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
  const runs = join(handbook.cwd, '.handbook/runs')
  const [run = ''] = readdirSync(runs)
  const readAll = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
      .join('')
  // While it runs: once it is killed, any other run on this machine may sweep it.
  const [scratch = ''] = listScratch(run)
  expect(readAll(scratch).split(secret)).toHaveLength(4)
  expect(statSync(scratch).mode & 0o777).toBe(0o700)
  if (existsSync('/dev/shm')) expect(scratch).toMatch(/^\/dev\/shm\//)
  runner.kill('SIGKILL')
  await runner
  expect(await eventually(() => findLiving(marker).length === 0)).toBe(true)
  expect(readAll(runs)).not.toContain(secret)
  expect((await handbook.run('run', 'other', '--env', 'staging', '--auto')).exitCode).toBe(0)
  expect(listScratch(run)).toEqual([])
})
