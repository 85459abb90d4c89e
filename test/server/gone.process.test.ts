import { expect, test } from 'vitest'
import type { Now } from '../../src/wire/index.ts'
import { freePort } from '../environment/alertmanager.ts'
import { createLiveHandbook, enter, eventsOf, questionOf, send } from './live-handbook.ts'

const ASK = `---
title: It asks
---

## Diagnose

### Does it answer? <!-- #answer -->

\`\`\`bash
curl -fsS "$TARGET_URL"
\`\`\`

### Is there room here? <!-- #room -->

\`\`\`bash
df -P . | tail -1
\`\`\`
`

test('with the service, its database, Prometheus and Alertmanager gone, pages are read and run, and an incident is worked', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`
  const handbook = await createLiveHandbook(
    `url: https://ops.example
target: { url: { type: string, description: where } }
environments:
  staging: { target: { url: "${nobody}" }, prometheusUrl: "${nobody}", alertmanagerUrl: "${nobody}", variables: { PGHOST: 127.0.0.1, PGPORT: "1" } }
`,
    { ask: ASK },
  )
  const { link, origin, child } = await handbook.serve()
  const browser = await enter(link)
  expect((await send(origin, '/runbooks/mend')).status).toBe(200)
  const { sources, alerts } = await browser.read<Now>('/api/now?environment=staging')
  expect(alerts).toEqual([])
  // Who was asked did not answer: nobody may take this for “nothing fires”.
  for (const source of sources) expect(source).toMatchObject({ asked: true, why: expect.any(String) })
  for (const source of sources) expect(source).not.toHaveProperty('answered')

  const { run } = JSON.parse((await browser.begin('ask', handbook.hashOf('ask'))).text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  // A step that fails asks what now: the others are still of use.
  const question = await questionOf(stream, 'answer')
  const go = { key: 'key-of-going-on', question, choice: 'end' }
  expect((await browser.press(`/api/runs/${run}/answers`, go)).text).toContain('accepted')
  await stream.over
  const finished = eventsOf(stream).flatMap(event =>
    event.type === 'step.finished' ? [[event.step, event.status]] : [],
  )
  expect(finished).toEqual([
    ['answer', 'failed'],
    ['room', 'passed'],
  ])
  expect(eventsOf(stream).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'inconclusive' })

  const declared = await browser.press('/api/incidents', { key: 'key-of-all-gone', environment: 'staging' })
  const { incident } = JSON.parse(declared.text)
  const close = { key: 'key-of-closing', change: { do: 'close' } }
  expect((await browser.press(`/api/incidents/${incident}/changes`, close)).status).toBe(200)

  // And with the server gone as well, the terminal has the rest.
  child.kill('SIGKILL')
  await child
  expect((await handbook.run('runs', 'show', run)).stdout).toContain('Does it answer?')
  expect((await handbook.run('incident', 'show', '--incident', incident)).exitCode).toBe(0)
  expect((await handbook.run('run', 'ask', '--env', 'staging', '--auto')).stdout).toMatch(/inconclusive/i)
}, 120_000)
