import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const DEPLOY = 'docs/deployment/deploy.md'
const NEW_MACHINE = 'docs/deployment/new-machine.md'
const LIMIT = 240_000

describe.runIf(requires('the guides of deployment', ['jq', 'createdb', 'psql']))('in a lab', () => {
  const { lab, run, bridgectl } = provideLab()
  let scratch = ''

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'guides-'))
  })
  afterAll(() => rm(scratch, { recursive: true, force: true }))

  const versionOf = async () => (await fetch(`${lab().status().url}/livez`)).headers.get('x-upload-bridge-version')

  async function install(version: string, program?: string): Promise<void> {
    const { releasesPath } = lab().status()
    await cp(join(releasesPath, '1.1.0'), join(releasesPath, version), { recursive: true })
    await writeFile(join(releasesPath, version, 'VERSION'), `${version}\n`)
    if (program !== undefined) await writeFile(join(releasesPath, version, 'api.cjs'), program)
  }

  test.each([
    ['is not there', '9.9.9', undefined, 'installed'],
    ['is the current one', '1.1.0', undefined, 'installed'],
    ['does not start', '1.2.1', 'process.exit(1)', 'beside'],
  ])(
    'a release that %s goes no further, and what runs goes on',
    { timeout: LIMIT },
    async (_, version, program, step) => {
      if (program !== undefined) await install(version, program)
      const refused = await run(DEPLOY, { version, watch: '1s', reason: 'a test' })
      expect(refused.ending.outcome, tellRun(refused)).toBe('failed')
      const failed = refused.events.flatMap(event =>
        event.type === 'step.finished' && event.status === 'failed' ? [event.step] : [],
      )
      expect(failed).toEqual([step])
      expect(await versionOf()).toBe('1.1.0')
      expect(await bridgectl('releases', 'list')).toMatchObject({ current: '1.1.0' })
    },
  )

  test('outside of the change window it wants a reason', { timeout: LIMIT }, async () => {
    const zone = ['UTC', 'Etc/GMT+8', 'Etc/GMT-8'].find(zone => {
      const hour = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format()
      return hour < '08' || hour > '15'
    })
    const wanted = { version: '9.9.9', zone: zone ?? 'UTC' }
    const refused = await run(DEPLOY, wanted, 'moment')
    expect(tellRun(refused)).toMatch(/This is no good moment: it is \w+ \d\d:\d\d in /)
    const forced = await run(DEPLOY, { ...wanted, reason: 'it repairs an incident' }, 'moment')
    expect(forced.ending.outcome, tellRun(forced)).toBe('passed')
    expect(readText(forced)).toContain('It goes on, because: it repairs an incident')
  })

  test('a deployment is set up from nothing, and leaves nothing behind', { timeout: LIMIT }, async () => {
    const set = await run(NEW_MACHINE, { setUpIn: scratch })
    expect(set.ending.outcome, tellRun(set)).toBe('passed')
    expect(await readdir(scratch)).toEqual([])
  })
})
