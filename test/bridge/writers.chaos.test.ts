import { expect, it } from 'vitest'
import { prepareGround } from './support/ground.ts'
import { startNginx } from './support/nginx.ts'
import { race } from './support/races.ts'
import { startService } from './support/service-process.ts'
import { buildWithoutFence } from './support/without-fence.ts'

const ground = prepareGround()

const races = Number(process.env.RACES ?? 1000)

it.each(['directly', 'behind the nginx that is shipped'])(
  'keeps what it acknowledged through 1,000 races of two to four processes for one upload, %s',
  async how => {
    const deployment = await ground.deploy()
    await deployment.control('deliveries', 'pause')
    const start = () => startService([process.execPath, ground.get().bundles.api, '--config', deployment.configPath])
    const apis = await Promise.all([start(), start(), start(), start()])
    const nginx =
      how === 'directly'
        ? undefined
        : await startNginx(
            ground.get().folder,
            apis.map(({ url }) => url),
          )
    try {
      const began = Date.now()
      const { statuses, ...results } = await race(
        apis.map(({ url }) => url),
        deployment.storagePath,
        races,
        nginx?.url,
      )
      console.log(
        JSON.stringify({
          ...results,
          damaged: results.damaged.length,
          examples: results.damaged.slice(0, 5),
          statuses,
          milliseconds: Date.now() - began,
        }),
      )
      expect(results.damaged).toEqual([])
      expect(results.acknowledged).toBeGreaterThan(races * 0.9)
    } finally {
      await nginx?.stop()
      await Promise.all(apis.map(each => each.end('SIGKILL')))
    }
  },
  900_000,
)

it('finds damage with the same races when the fence is taken out: they can see what they look for', async () => {
  const deployment = await ground.deploy()
  await deployment.control('deliveries', 'pause')
  const unfenced = await buildWithoutFence(ground.get().folder)
  const start = () => startService([process.execPath, unfenced, '--config', deployment.configPath])
  const apis = await Promise.all([start(), start(), start(), start()])
  try {
    const began = Date.now()
    const { damaged, ...results } = await race(
      apis.map(({ url }) => url),
      deployment.storagePath,
      races,
    )
    console.log(JSON.stringify({ ...results, damaged: damaged.length, milliseconds: Date.now() - began }))
    expect(damaged.length).toBeGreaterThanOrEqual(20)
  } finally {
    await Promise.all(apis.map(each => each.end('SIGKILL')))
  }
}, 900_000)
