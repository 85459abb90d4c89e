import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listFiring, listSilences } from '../../src/alerts/index.ts'
import { type RunningAlertmanager, startAlertmanager } from '../environment/alertmanager.ts'
import { requires } from '../environment/requires.ts'
import { endLiving, eventually, findLiving, makeMarker } from '../execute/living.ts'
import { createHandbook } from './handbook.ts'

/** A maintenance that is announced: it silences an alert for so long, works, and is over. */
const page = (span: string, { inClose = 'true', inWork = 'true' }) => `---
title: Move the queue
---

## Procedure

### Close it <!-- #close -->

\`\`\`bash temporary silences=30m
hb silence --alert Slow --for ${span} 'the queue is moved'
[ -e go ] || ${inClose}
\`\`\`

### Move it <!-- #work -->

\`\`\`bash
[ -e go ] || ${inWork}
[ "$(cat go)" = well ]
\`\`\`

### Open it <!-- #open -->

\`\`\`bash undoes=close
true
\`\`\`
`

describe.runIf(requires('silences of killed runs', ['prometheus-alertmanager']))('when a runner is killed', () => {
  let alertmanager: RunningAlertmanager
  let handbook: Awaited<ReturnType<typeof createHandbook>>
  beforeAll(async () => {
    alertmanager = await startAlertmanager()
    await alertmanager.post({ alertname: 'Slow' }, 3600)
  })
  afterAll(() => alertmanager?.stop())
  beforeEach(async () => {
    handbook = await createHandbook()
    const here = `{ auto: danger, alertmanagerUrl: "${alertmanager.url}" }`
    handbook.write('handbook.yaml', `url: https://x.example\npages: [docs]\nenvironments:\n  here: ${here}\n`)
  })
  afterEach(() => handbook.remove())

  const isQuiet = async () =>
    (await listFiring(alertmanager.url)).some(({ name, quiet }) => name === 'Slow' && quiet === 'silenced')

  /** Runs the page until it works there, kills its runner there, and returns the run. */
  async function killIn(step: 'close' | 'work', span: string): Promise<string> {
    const marker = makeMarker()
    handbook.write('docs/move.md', page(span, { [step === 'close' ? 'inClose' : 'inWork']: `sleep ${marker}` }))
    const runner = handbook.start(['run', 'move', '--env', 'here', '--auto'])
    expect(await eventually(() => findLiving(marker).length > 0, 30_000)).toBe(true)
    runner.kill('SIGKILL')
    await runner
    expect(await eventually(() => findLiving(marker).length === 0)).toBe(true)
    endLiving(marker)
    const { runs } = JSON.parse((await handbook.run('runs', 'list', '--json')).stdout)
    return runs[0].id
  }

  test('its silence ends by itself, after its own time', async () => {
    const run = await killIn('work', '20s')
    const [silence] = await listSilences(alertmanager.url)
    expect(silence?.comment).toBe(`the queue is moved (run ${run}, step close)`)
    await expect.poll(isQuiet, { timeout: 10_000 }).toBe(true)
    await expect.poll(() => listSilences(alertmanager.url), { timeout: 40_000 }).toEqual([])
    await expect.poll(isQuiet, { timeout: 10_000 }).toBe(false)
    // Nobody touched the run: it is still to be resumed, and its change to be reverted.
    const { stdout } = await handbook.run('runs', 'unreverted', '--json')
    expect(JSON.parse(stdout).unreverted).toMatchObject([{ run }])
    expect(existsSync(join(handbook.cwd, 'go'))).toBe(false)
  })

  test.each([
    ['work', 'repeat', 'well', 0],
    ['close', 'repeat', 'well', 0],
    ['close', 'skip', 'badly', 1],
  ] as const)(
    'in #%s, resume (%s) leaves none of its silences, when it goes %s',
    async (step, interrupted, go, code) => {
      const run = await killIn(step, '30m')
      expect(await listSilences(alertmanager.url)).toHaveLength(1)
      handbook.write('go', go)
      const resumed = await handbook.run('runs', 'resume', run, '--auto', '--interrupted', interrupted)
      expect(resumed.exitCode, resumed.stdout + resumed.stderr).toBe(code)
      expect(await listSilences(alertmanager.url)).toEqual([])
      expect(await isQuiet()).toBe(false)
    },
  )
})
