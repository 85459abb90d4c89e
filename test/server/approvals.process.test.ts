import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ApprovalView, Now } from '../../src/wire/index.ts'
import { createLiveHandbook, enter, eventsOf, questionOf, typesOf } from './live-handbook.ts'

const PURGE = `---
title: Purge
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
hb suggest purge "37 old things"
echo "items=a.part" >> "$STEP_OUTPUT"
\`\`\`

## Mitigate

### Purge <!-- #purge -->

\`\`\`bash risk=danger irreversible="what is purged is gone" touches=look.items
echo purged >> purged.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -s purged.log
\`\`\`
`

const key = () => `key-${Math.random()}`

/** Two environments; in the protected one somebody else has to approve, with a key of theirs. */
async function setUp(as: readonly string[] = ['--as', 'anna']) {
  const handbook = await createLiveHandbook(undefined, { purge: PURGE })
  await handbook.shell('ssh-keygen -q -t ed25519 -N "" -f ben.key; ssh-keygen -q -t ed25519 -N "" -f anna.key')
  const keyOf = (name: string) => readFileSync(join(handbook.cwd, `${name}.key.pub`), 'utf8').trim()
  handbook.write(
    'handbook.yaml',
    `url: https://ops.example\ntarget: { url: { type: string, description: where } }\nenvironments:\n  staging: { auto: read, target: { url: "http://staging" } }\n  production: { protected: true, approvers: { ben: "${keyOf('ben')}", anna: "${keyOf('anna')}" }, target: { url: "http://production" } }\n`,
  )
  const { link } = await handbook.serve(as)
  const anna = await enter(link)
  const begun = await anna.begin('purge', handbook.hashOf('purge'), { environment: 'production' })
  const { run } = JSON.parse(begun.text)
  const stream = await anna.stream(`/api/runs/${run}/events`)
  const question = await questionOf(stream, 'purge')
  const answer = (typed?: string, choice = 'run') =>
    anna.press(`/api/runs/${run}/answers`, { key: key(), question, choice, ...(typed === undefined ? {} : { typed }) })
  return { handbook, anna, run, stream, answer }
}

test('danger is no single press: the environment’s name is typed where others can be reached', async () => {
  const { answer, stream, handbook } = await setUp()
  for (const typed of [undefined, 'staging', 'Production', ''])
    expect(await answer(typed), String(typed)).toMatchObject({
      status: 422,
      text: expect.stringContaining('Type production'),
    })
  expect(typesOf(stream)).not.toContain('run.answered')
  expect(await answer('production')).toMatchObject({ status: 200, text: '{"result":"accepted"}' })
  await expect.poll(() => typesOf(stream), { timeout: 20_000 }).toContain('run.waiting')
  expect(existsSync(join(handbook.cwd, 'purged.log'))).toBe(false)
}, 60_000)

test('who waits is seen; a second person signs in a terminal, and the browser goes on by itself', async () => {
  const { handbook, anna, run, stream, answer } = await setUp()
  await answer('production')
  const now = () => anna.read<Now>('/api/now?environment=production')
  // Who said that they run it, not the account that several people use.
  const waits = [{ run, step: 'purge', by: 'anna' }]
  await expect.poll(async () => (await now()).approvals, { timeout: 20_000 }).toMatchObject(waits)
  expect((await now()).underWay).toMatchObject([{ run, claimed: 'anna' }])
  const invited = await handbook.run('serve', '--invite', 'approver', '--as', 'ben')
  const ben = await enter(/http\S+/.exec(invited.stdout)?.[0] ?? '')
  expect(await ben.read('/api/session')).toMatchObject({ person: 'ben', role: 'approver' })
  const view = await ben.read<ApprovalView>(`/api/runs/${run}/approval`)
  expect(view).toMatchObject({
    step: 'purge',
    environment: 'production',
    why: '37 old things',
    irreversible: 'what is purged is gone',
    touches: ['a.part'],
    code: expect.stringContaining('purged.log'),
    command: expect.stringContaining(`runs approve ${run} purge --key`),
  })
  expect(view.by).toContain('anna')
  // The server has no way to approve.
  for (const what of ['approval', 'approve', 'approvals/purge'])
    expect((await ben.press(`/api/runs/${run}/${what}`, { key: key(), signature: 'x' })).status).toBe(404)
  // Whoever runs it cannot approve it.
  const own = await handbook.run('runs', 'approve', run, 'purge', '--key', 'anna.key', '--yes')
  expect(own.exitCode).toBe(3)
  expect(existsSync(join(handbook.cwd, 'purged.log'))).toBe(false)
  const signed = await handbook.run('runs', 'approve', run, 'purge', '--key', 'ben.key', '--yes')
  expect(signed.stdout).toContain('approved by ben')
  await stream.over
  expect(typesOf(stream)).toContain('step.approved')
  expect(eventsOf(stream).at(-1)).toMatchObject({ type: 'run.finished', outcome: 'healed' })
  expect((await now()).approvals).toEqual([])
  expect((await ben.get(`/api/runs/${run}/approval`)).status).toBe(404)
}, 90_000)

test('danger waits for a second person where nobody said who runs it, too', async () => {
  const { anna, run, stream, answer } = await setUp([])
  await answer('production')
  await expect.poll(async () => (await anna.get(`/api/runs/${run}/approval`)).status, { timeout: 20_000 }).toBe(200)
  expect(typesOf(stream)).not.toContain('run.finished')
}, 60_000)
