import { expect, it, onTestFinished } from 'vitest'
import { createByTus, patchByTus, sample, sendByForm, untilState } from './support/clients.ts'
import { startDeployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { buildReleaseBefore, lastMigration } from './support/release-before.ts'
import { type ServiceProcess, startService } from './support/service-process.ts'

const ground = prepareGround()

it('is upgraded from the release before and rolled back to it, with uploads and deliveries under way', async () => {
  const { folder, bundles, postgres } = ground.get()
  const before = await startDeployment({ ...ground.get(), bundles: await buildReleaseBefore(folder, bundles) })
  onTestFinished(() => before.end())
  const { sink, api: old, databaseUrl } = before
  const listMigrations = async () =>
    (await postgres.query(databaseUrl, 'select name from upload_bridge.migrations')).map(({ name }) => name)
  expect(await listMigrations()).not.toContain(lastMigration)
  const sent = new Map<string, string>()
  const begin = async (on: ServiceProcess) => {
    const file = sample(200_000)
    const id = await createByTus(on.url, file.bytes.length)
    expect((await patchByTus(on.url, id, 0, file.bytes.subarray(0, 80_000))).status).toBe(204)
    sent.set(id, file.sha256)
    return async (on: ServiceProcess) =>
      expect((await patchByTus(on.url, id, 80_000, file.bytes.subarray(80_000))).status).toBe(204)
  }
  const send = async (on: ServiceProcess) => {
    const file = sample(10_000)
    const answer = await sendByForm(on.url, file.bytes)
    expect(answer.status).toBe(201)
    sent.set((await answer.json()).id, file.sha256)
  }

  // Nothing is delivered: what the old release acknowledged waits, and its retries go on.
  sink.mood = 'failing'
  await send(old)
  const [finishOnNew, finishOnOld] = [await begin(old), await begin(old)]
  const start = (bundle: string) => startService([process.execPath, bundle, '--config', before.configPath])
  const [api, worker] = await Promise.all([start(bundles.api), start(bundles.worker)])
  onTestFinished(async () => {
    for (const each of [api, worker]) if (each.isRunning) await each.end()
  })
  expect(await listMigrations()).toContain(lastMigration)

  // Both serve side by side, as while hosts are upgraded one after another.
  await finishOnNew(api)
  await finishOnOld(old)
  await send(old)
  await send(api)
  await Promise.all([old.end(), before.worker.end()])

  // The new one alone; then back, with one upload half sent and deliveries that wait.
  const finishAfterRollBack = await begin(api)
  await send(api)
  await Promise.all([api.end(), worker.end()])
  const [again] = await Promise.all([before.startApi(), before.startWorker()])
  await finishAfterRollBack(again)
  await send(again)
  expect(sent.size).toBe(8)
  sink.mood = 'fine'
  for (const [id, sha256] of sent) {
    await untilState(again.url, id, 'delivered')
    expect(sink.arrivalOf(id)).toMatchObject({ sha256 })
  }
})
