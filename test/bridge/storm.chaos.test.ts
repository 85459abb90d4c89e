import { rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { requires } from '../environment/requires.ts'
import type { Deployment } from './support/deployment.ts'
import { freePort } from './support/free-port.ts'
import { prepareGround } from './support/ground.ts'
import { startNginx } from './support/nginx.ts'
import { type ServiceProcess, startService } from './support/service-process.ts'
import { mountSmallVolume } from './support/small-volume.ts'
import { startStormClients } from './support/storm-clients.ts'
import { until } from './support/until.ts'

/** How long things go wrong. */
const seconds = Number(process.env.STORM_SECONDS ?? 600)
const volumeMegabytes = 1500

describe.runIf(requires('ten minutes of faults', ['nginx', 'root']))('the storm', () => {
  const ground = prepareGround()

  it(
    'loses and damages nothing that it acknowledged in ten minutes of kills, freezes, database restarts, full volumes and a bad downstream',
    async () => {
      const volume = await mountSmallVolume(join(ground.get().folder, 'volume'), volumeMegabytes)
      if (volume === undefined) throw new Error('no small volume can be mounted')
      const deployment = await ground.deploy({
        storagePath: volume.path,
        configuration: {
          storage: { retainDelivered: '2s', expireAfter: '5m' },
          limits: { uploadsPerWindow: 1_000_000, bytesPerWindow: '10TiB' },
        },
      })
      const services = await startServices(deployment)
      const nginx = await startNginx(ground.get().folder, services.apiUrls)
      try {
        const faults = listFaults(deployment, services, volume.path)
        const clients = startStormClients(nginx.url, 3, 2)
        const counts = await rage(faults)
        await clients.stop(120_000)
        const facts = await account(deployment, clients.acknowledged)
        console.log(JSON.stringify({ seconds, ...facts, refused: clients.refused, faults: counts }))
        expect(facts).toMatchObject({ lost: [], damaged: [] })
        // Few are enough: a busy machine must not make it fail.
        expect(facts.acknowledged).toBeGreaterThan(seconds / 60)
        if (seconds >= 600) expect(Object.keys(counts).sort()).toEqual(Object.keys(faults).sort())
      } finally {
        await nginx.stop()
        await Promise.all(services.all().map(each => each.end('SIGKILL')))
        await deployment.end()
        await volume.remove()
      }
    },
    (seconds + 600) * 1000,
  )

  interface Services {
    readonly apiUrls: readonly string[]
    readonly places: readonly Place[]
    all(): readonly ServiceProcess[]
  }

  /** One of the two APIs or of the two workers. */
  interface Place {
    service: ServiceProcess
    start(): Promise<ServiceProcess>
  }

  /** Two APIs on ports that they keep, and two workers, in place of those that the deployment began with. */
  async function startServices({ configPath, api, worker }: Deployment): Promise<Services> {
    await Promise.all([api.end('SIGKILL'), worker.end('SIGKILL')])
    const { bundles } = ground.get()
    const places = await Promise.all(
      ['api', 'api', 'worker', 'worker'].map(async (kind, index): Promise<Place> => {
        const overlay = `${configPath}.${index}.yaml`
        await writeFile(overlay, `${kind}: { port: ${await freePort()} }\n`)
        const program = kind === 'api' ? bundles.api : bundles.worker
        const start = () => startService([process.execPath, program, '--config', configPath, '--config', overlay])
        return { service: await start(), start }
      }),
    )
    return {
      places,
      apiUrls: places.slice(0, 2).map(({ service }) => service.url),
      all: () => places.map(({ service }) => service).filter(({ isRunning }) => isRunning),
    }
  }

  type Faults = Readonly<Record<string, () => Promise<void>>>

  function listFaults({ sink }: Deployment, { places }: Services, volume: string): Faults {
    const choose = () => places[Math.floor(Math.random() * places.length)] ?? places[0]
    const mood = (name: typeof sink.mood, milliseconds: number) => async () => {
      sink.mood = name
      await wait(milliseconds)
      sink.mood = 'fine'
    }
    const freeze = (milliseconds: number) => async () => {
      const place = choose()
      place?.service.signal('SIGSTOP')
      await wait(milliseconds)
      place?.service.signal('SIGCONT')
    }
    return {
      async kill() {
        const place = choose()
        if (place === undefined) return
        await place.service.end('SIGKILL')
        await wait(500)
        place.service = await place.start()
      },
      'short freeze': freeze(2000),
      // Longer than a lease lives without a sign of life.
      'long freeze': freeze(14_000),
      async 'database restart'() {
        const { postgres } = ground.get()
        await postgres.stop()
        await wait(2000)
        await postgres.start()
      },
      async 'full volume'() {
        const filler = join(volume, 'filler')
        const { bavail, bsize } = await statfs(volume)
        // What is left of it fills up by itself with uploads.
        await execa('fallocate', ['-l', `${Math.max(1, bavail * bsize - 20_000_000)}`, filler], { reject: false })
        await wait(6000)
        await rm(filler, { force: true })
      },
      'slow downstream': mood('slow', 10_000),
      'lying downstream': mood('lying', 4000),
      'silent downstream': mood('silent', 4000),
    }
  }

  /** One fault after another, each kind as often as the others, until the time is over. Tells how often each was there. */
  async function rage(faults: Faults): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {}
    const end = Date.now() + seconds * 1000
    for (let round = 0; Date.now() < end; round += 1) {
      for (const [name, strike] of Object.entries(faults).sort(() => Math.random() - 0.5)) {
        if (Date.now() > end) break
        await strike()
        counts[name] = (counts[name] ?? 0) + 1
        process.stderr.write(
          `round ${round + 1}: ${name}; ${Math.max(0, Math.round((end - Date.now()) / 1000))} s left\n`,
        )
        await wait(1000 + Math.random() * 2000)
      }
    }
    return counts
  }

  /** Lets everything be delivered, releasing what is held, and compares it with what was acknowledged. */
  async function account(deployment: Deployment, acknowledged: ReturnType<typeof startStormClients>['acknowledged']) {
    const { sink } = deployment
    await until(
      'everything acknowledged has arrived',
      async () => {
        for (const id of await idsHeld(deployment)) await deployment.bridgectl('deliveries', 'release', id)
        await deployment.bridgectl('deliveries', 'retry', '--all')
        return [...acknowledged.keys()].every(id => sink.arrivalOf(id) !== undefined)
      },
      240_000,
    ).catch(() => {})
    const hashes = new Map<string, string[]>()
    for (const { id, sha256 } of sink.arrivals) hashes.set(id, [...(hashes.get(id) ?? []), sha256])
    const all = [...acknowledged]
    return {
      acknowledged: all.length,
      byTus: all.filter(([, { how }]) => how === 'tus').length,
      megabytes: Math.round(all.reduce((sum, [, { size }]) => sum + size, 0) / 1_000_000),
      lost: all.flatMap(([id]) => (hashes.has(id) ? [] : [id])),
      damaged: all.flatMap(([id, { sha256 }]) => (hashes.get(id)?.some(each => each !== sha256) ? [id] : [])),
      duplicates: [...hashes.values()].reduce((sum, { length }) => sum + length - 1, 0),
      attempts: sink.attempts,
    }
  }

  async function idsHeld(deployment: Deployment): Promise<readonly string[]> {
    const listed = await deployment.bridgectl('deliveries', 'list', '--held', '--limit', '1000', '--json')
    return [...listed.stdout.matchAll(/"id":\s*"([\da-f]{32})"/g)].map(([, id]) => id ?? '')
  }
})
