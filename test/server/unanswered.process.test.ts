import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLiveHandbook, enter, eventsOf, questionOf, typesOf } from './live-handbook.ts'

const SLOW = { timeout: 20_000 }
const key = () => `key-${Math.random()}`

const page = (look: string, mend: string, more = '') => `---
title: It is full
${more}---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
${look}
hb suggest mend "it is full"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash ${mend}
echo mended >> mended.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -s mended.log
\`\`\`

## Roll back

### Undo <!-- #undo -->

\`\`\`bash undoes=mend
rm mended.log
\`\`\`
`

const DANGER = 'risk=danger irreversible="it is gone"'

const yaml = (production: string, url = 'http://production') =>
  `url: https://ops.example\ntarget: { url: { type: string, description: where } }\nenvironments:\n  production: { ${production}, target: { url: "${url}" } }\n`

/** Begins the page in production, in a browser, and gives its run and stream. */
async function begin(
  production: string,
  text: string,
  { as = [], params = {} }: { as?: string[]; params?: object } = {},
) {
  const handbook = await createLiveHandbook(yaml(production), { full: text })
  const browser = await enter((await handbook.serve(as)).link)
  const hash = handbook.hashOf('full')
  const begun = await browser.begin('full', hash, { environment: 'production', params })
  expect(begun).toMatchObject({ status: 201 })
  const { run } = JSON.parse(begun.text)
  const stream = await browser.stream(`/api/runs/${run}/events`)
  const answer = async (choice: string, step = 'mend') =>
    browser.press(`/api/runs/${run}/answers`, { key: key(), question: await questionOf(stream, step), choice })
  const takeUp = (what: string, more: object = {}) =>
    browser.press(`/api/runs/${run}/${what}`, {
      key: key(),
      contentHash: hash,
      after: eventsOf(stream).at(-1)?.seq ?? 0,
      ...more,
    })
  const kill = async () => {
    const [started] = eventsOf(stream)
    if (started?.type === 'run.started') process.kill(started.by.pid, 'SIGKILL')
    await stream.over
  }
  return {
    handbook,
    browser,
    run,
    stream,
    answer,
    takeUp,
    kill,
    isMended: () => existsSync(join(handbook.cwd, 'mended.log')),
  }
}

test.each([
  [
    'several people use the account',
    'protected: true, sharedAccount: true, approvers: { ben: ssh-ed25519 AAAA }',
    /--invite responder --as NAME/,
  ],
  ['nobody may approve', 'protected: true, approvers: {}', /handbook runs resume \S+ --break-glass REASON/],
])(
  'danger begun where %s is refused, and the record says what to do',
  async (_, production, why) => {
    const { stream, answer, isMended } = await begin(production, page('', DANGER))
    await answer('run')
    await stream.over
    expect(eventsOf(stream).at(-1)).toMatchObject({
      type: 'run.finished',
      outcome: 'inconclusive',
      refused: expect.stringMatching(why),
    })
    expect(isMended()).toBe(false)
  },
  60_000,
)

test('a run whose question cannot be recorded ends, and says how to go on', async () => {
  const spoil = 'rm -rf .handbook/runs/*/questions; touch .handbook/runs/$(ls .handbook/runs)/questions'
  const { stream, isMended, run } = await begin('protected: false', page(spoil, ''))
  await expect.poll(() => typesOf(stream), SLOW).toContain('run.finished')
  const events = eventsOf(stream)
  const warned = events.flatMap(event => (event.type === 'run.warned' ? event.message : []))
  expect(warned).toContainEqual(expect.stringContaining(`Go on in a terminal: handbook runs resume ${run}`))
  expect(events.at(-1)).toMatchObject({ outcome: 'interrupted' })
  expect(isMended()).toBe(false)
}, 60_000)

test('what a terminal would ask before it resumes or rolls back is refused with the command for it', async () => {
  const params = 'params:\n  pin: { type: string, secret: true, description: a secret }\n'
  const { handbook, stream, kill, takeUp, run } = await begin('protected: false', page('', '', params), {
    params: { pin: 'pin-4711' },
  })
  await questionOf(stream, 'mend')
  await kill()
  const secret = await takeUp('resume')
  expect(secret).toMatchObject({ status: 409, text: expect.stringContaining(`handbook runs resume ${run}`) })
  expect(secret.text).toContain('Secret parameters are not recorded: pin')
  handbook.write('handbook.yaml', yaml('protected: false', 'http://other'))
  const elsewhere = await takeUp('resume')
  expect(elsewhere).toMatchObject({ status: 409, text: expect.stringContaining(`handbook runs resume ${run}`) })
}, 60_000)

test('a parameter that nobody gave is refused before anything begins', async () => {
  const params = 'params:\n  pin: { type: string, description: what it is }\n'
  const handbook = await createLiveHandbook(yaml('protected: false'), { full: page('', '', params) })
  const browser = await enter((await handbook.serve()).link)
  const refused = await browser.begin('full', handbook.hashOf('full'), { environment: 'production' })
  expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('pin has no default') })
}, 60_000)

test('a roll back waits for an answer', async () => {
  const { browser, stream, takeUp, answer, isMended, run } = await begin('protected: false', page('', ''))
  await answer('run')
  await stream.over
  expect(isMended()).toBe(true)
  const back = await takeUp('roll-back')
  expect(back).toMatchObject({ status: 201 })
  const { run: other } = JSON.parse(back.text)
  const second = await browser.stream(`/api/runs/${other}/events`)
  expect(await questionOf(second, 'undo')).toBeTruthy()
  expect(isMended()).toBe(true)
  expect(run).not.toBe(other)
}, 60_000)
