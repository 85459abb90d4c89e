import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideLab, readText, readValue, tellRun } from './provide-lab.ts'

const PAGE = 'docs/incidents/vulnerable-package.md'
const LIMIT = 120_000

describe.runIf(requires('the guide of vulnerable packages', ['jq']))('in a lab', () => {
  const { lab, run, bridgectl } = provideLab()
  const folderOf = (release: string) => join(lab().status().releasesPath, release)
  const readSbom = async (release: string): Promise<{ components: { name: string; version: string }[] }> =>
    JSON.parse(await readFile(join(folderOf(release), 'sbom.cdx.json'), 'utf8'))
  const endings = ({ events }: Awaited<ReturnType<typeof run>>) =>
    Object.fromEntries(events.flatMap(event => (event.type === 'step.finished' ? [[event.step, event.status]] : [])))

  /** A release whose list says that it has this version of fastify. */
  async function install(release: string, version: string): Promise<void> {
    await cp(folderOf('1.1.0'), folderOf(release), { recursive: true })
    await writeFile(join(folderOf(release), 'VERSION'), `${release}\n`)
    const sbom = await readSbom(release)
    const components = sbom.components.map(each => (each.name === 'fastify' ? { ...each, version } : each))
    await writeFile(join(folderOf(release), 'sbom.cdx.json'), JSON.stringify({ ...sbom, components }))
  }

  afterEach(() => rm(folderOf('1.3.0'), { recursive: true, force: true }))

  test('a package of which no affected version is installed is none of our business', { timeout: LIMIT }, async () => {
    for (const [name, affected] of [
      ['left-pad', '<99.0.0'],
      ['fastify', '<4.0.0 || 5.0.0-alpha.1'],
    ]) {
      const done = await run(PAGE, { package: name ?? '', affected: affected ?? '' })
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
      expect(readValue(done, 'running')).toEqual({ affected: [] })
    }
  })

  test('a package in what runs is found by its exact version, with who used it; and the run fails', {
    timeout: LIMIT,
  }, async () => {
    const { version = '' } = (await readSbom('1.1.0')).components.find(({ name }) => name === 'fastify') ?? {}
    const done = await run(PAGE, { package: 'fastify', affected: `>= 5.0.0, <= ${version}` })
    expect(done.ending.outcome, tellRun(done)).toBe('failed')
    expect(readValue(done, 'listed')).toMatchObject({
      contains: { '1.0.0': ['api', 'worker'], '1.1.0': ['api', 'worker'] },
    })
    expect(readText(done)).toContain('A rollback would go to 1.0.0, which contains it')
    expect(readText(done)).toMatch(/since \d{4}-[\s\S]*\d lab /)
    expect(endings(done)).toMatchObject({ concerned: 'passed', isolate: 'skipped', mended: 'skipped', free: 'failed' })
    const before = await run(PAGE, { package: 'fastify', affected: `<${version}` })
    expect(before.ending.outcome, tellRun(before)).toBe('passed')
  })

  test('a release without a list is unknown, and never passes', { timeout: LIMIT }, async () => {
    const kept = await readFile(join(folderOf('1.1.0'), 'sbom.cdx.json'))
    await rm(join(folderOf('1.1.0'), 'sbom.cdx.json'))
    try {
      const done = await run(PAGE, { package: 'left-pad', affected: '<99.0.0' })
      expect(done.ending.outcome, tellRun(done)).toBe('failed')
      expect(readText(done)).toContain('api: runs 1.1.0: nobody knows whether it contains it')
    } finally {
      await writeFile(join(folderOf('1.1.0'), 'sbom.cdx.json'), kept)
    }
  })

  test('a bound that is no version is an error that says how to write it', { timeout: LIMIT }, async () => {
    const done = await run(PAGE, { package: 'fastify', affected: 'all' })
    expect(done.ending.outcome).toBe('failed')
    expect(tellRun(done)).toContain('all is no bound of a version: write <2.4.6')
  })

  test('what is attacked is stopped, and started only with a release that does not contain it', {
    timeout: LIMIT,
  }, async () => {
    const attacked = { package: 'fastify', affected: '<6.0.0', isolate: 'true' }
    const stopped = await run(PAGE, attacked)
    expect(endings(stopped), tellRun(stopped)).toMatchObject({ isolate: 'passed', mended: 'skipped', free: 'failed' })
    await expect(fetch(`${lab().status().url}/livez`)).rejects.toThrow()
    const worse = await run(PAGE, { ...attacked, to: '1.0.0' })
    expect(tellRun(worse)).toContain('the release 1.0.0 contains it, too')
    await install('1.3.0', '6.0.0')
    const mended = await run(PAGE, { ...attacked, to: '1.3.0' })
    expect(mended.ending.outcome, tellRun(mended)).toBe('passed')
    expect(await bridgectl('releases', 'list')).toMatchObject({ current: '1.3.0' })
  })
})
