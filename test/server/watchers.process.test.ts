import { expect, test } from 'vitest'
import type { WatchersNow } from '../../src/wire/index.ts'
import { type Browser, createLiveHandbook, enter, send } from './live-handbook.ts'

test('who is here is told to those who have come in, a reader too, and ends within seconds', async () => {
  const handbook = await createLiveHandbook()
  const { link, origin } = await handbook.serve(['--env', 'staging', '--as', 'ana'])
  const ana = await enter(link)
  const invited = await handbook.run('serve', '--invite', 'reader', '--as', 'ben')
  const ben = await enter(/http\S+/.exec(invited.stdout)?.[0] ?? '')
  const { run } = JSON.parse((await ana.begin('wait', handbook.hashOf('wait'), { params: { who: 'x' } })).text)
  const path = `/api/runs/${run}/here`
  const say = async (browser: Browser, window: string, more: object = {}): Promise<WatchersNow['here']> =>
    JSON.parse((await browser.press(path, { window, ...more })).text).here
  expect(await say(ana, 'window-01')).toEqual([{ person: 'ana', windows: 1 }])
  expect(await say(ben, 'window-01')).toEqual([
    { person: 'ana', windows: 1 },
    { person: 'ben', windows: 1 },
  ])
  expect(await say(ana, 'window-02')).toContainEqual({ person: 'ana', windows: 2 })
  // Nobody can send somebody else away.
  await say(ben, 'window-02', { leaves: true })
  expect(await say(ana, 'window-02', { leaves: true })).toContainEqual({ person: 'ana', windows: 1 })
  // Ben is cut off, and says nothing any more.
  const left = performance.now()
  await expect
    .poll(() => say(ana, 'window-01'), { timeout: 20_000, interval: 500 })
    .toEqual([{ person: 'ana', windows: 1 }])
  expect(performance.now() - left).toBeLessThan(12_000)
  expect((await ana.press('/api/runs/20260101-000000-abcd/here', { window: 'window-01' })).status).toBe(404)
  expect((await ana.press(path, { window: 'x' })).status).toBe(422)
  expect((await ana.press(path, { window: 'window-01', person: 'eve' })).status).toBe(422)
  const json = { 'content-type': 'application/json' }
  const sent = { method: 'POST', headers: { origin, ...json }, body: '{"window":"window-01"}' }
  expect((await send(origin, path, sent)).status).toBe(401)
  const foreign = { ...sent, headers: { ...ana.own, ...json, origin: 'http://evil.example' } }
  expect((await send(origin, path, foreign)).status).toBe(403)
}, 60_000)
