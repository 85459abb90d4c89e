import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import { provideLab, readText, readValue, tellRun } from './provide-lab.ts'

const NEEDS = ['prometheus', 'prometheus-alertmanager', 'jq', 'restic', 'createdb', 'dropdb', 'psql']
const LIMIT = 240_000

/** The rest of each kind takes longer than a change should wait: `npm run test:drills` and `npm run test:chaos`. */
describe.runIf(requires('an outage, a release and a restore, by their pages', NEEDS))('in a lab', () => {
  const { lab, run, bridgectl } = provideLab({ monitoring: true })
  let scratch = ''

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'guides-'))
  })
  afterAll(() => rm(scratch, { recursive: true, force: true }))

  const ends = async (outcome: string, path: string, params: Record<string, string> = {}) => {
    const done = await run(path, params)
    expect(done.ending.outcome, tellRun(done)).toBe(outcome)
    return done
  }

  test('an API that was told to stop is started, with the word that somebody may have meant it', {
    timeout: LIMIT,
  }, async () => {
    await execa(join(lab().status().binPath, 'lab-service'), ['api', 'stop'])
    const done = await ends('healed', 'runbooks/api-down.md')
    const [why] = done.events.flatMap(event => (event.type === 'step.suggested' ? [event.why] : []))
    expect(why).toMatch(/ stopped *$/)
  })

  test('a release is deployed, and taken back', { timeout: LIMIT }, async () => {
    const { releasesPath, url } = lab().status()
    const versionOf = async () => (await fetch(`${url}/livez`)).headers.get('x-upload-bridge-version')
    await cp(join(releasesPath, '1.1.0'), join(releasesPath, '1.2.0'), { recursive: true })
    await writeFile(join(releasesPath, '1.2.0', 'VERSION'), '1.2.0\n')
    const deployed = await ends('passed', 'docs/deployment/deploy.md', {
      version: '1.2.0',
      watch: '1s',
      reason: 'a test',
    })
    expect(await versionOf()).toBe('1.2.0')
    expect(readValue(deployed, 'restart')).toEqual({ seconds: expect.any(Number) })
    await ends('passed', 'docs/deployment/roll-back.md')
    expect(await versionOf()).toBe('1.1.0')
    expect(await bridgectl('releases', 'list')).toMatchObject({ current: '1.1.0', previous: '1.2.0' })
  })

  test('after a restore the service runs at the new place, with what was backed up, and back again', {
    timeout: LIMIT,
  }, async () => {
    const { configPath, downstreamUrl, url } = lab().status()
    const get = async (id = '') => fetch(`${url}/uploads/${id}`)
    await bridgectl('deliveries', 'pause', '--reason', 'a backup is being restored')
    const kept = await sendFile(url)
    await ends('passed', 'docs/recovery/back-up.md')
    const later = await sendFile(url)
    const before = await readFile(configPath, 'utf8')

    const restored = await ends('passed', 'docs/recovery/restore.md', { restoreTo: scratch })
    expect(readText(restored)).toContain(later.id)
    const [place = ''] = await readdir(scratch)
    expect(await readFile(configPath, 'utf8')).toContain(place)
    expect(await (await get(kept.id)).json()).toMatchObject({ sha256: kept.sha256 })
    expect((await get(later.id)).status).toBe(404)
    const arrived = async () => JSON.stringify(await (await fetch(`${downstreamUrl}/received`)).json())
    await expect.poll(arrived, { timeout: 30_000 }).toContain(kept.sha256)

    await ends('passed', 'docs/recovery/point-back.md')
    expect(await readFile(configPath, 'utf8')).toBe(before)
    expect(await (await get(later.id)).json()).toMatchObject({ sha256: later.sha256 })
    await ends('failed', 'docs/recovery/point-back.md')
  })
})
