import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { serviceExitCodes } from '../../src/bridge/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'

const FOLDER = 'static/deployment'

/** The settings of a unit: name to its values, in order. */
async function readUnit(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const settings = new Map<string, string[]>()
  for (const line of (await readFile(join(FOLDER, name), 'utf8')).split('\n')) {
    const [, key, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    if (key !== undefined) settings.set(key, [...(settings.get(key) ?? []), value])
  }
  return settings
}

test.each(['api', 'worker'])(
  'the unit of the %s starts it as its own user, and not again when only a person can help',
  async name => {
    const unit = await readUnit(`upload-bridge-${name}.service`)
    expect(unit.get('ExecStart')?.[0]).toContain(`/releases/current/${name}.cjs --config `)
    expect(unit.get('User')).toEqual(['upload-bridge'])
    const { usage, configuration } = serviceExitCodes
    expect(unit.get('RestartPreventExitStatus')).toEqual([`${usage.code} ${configuration.code}`])
  },
)

test('the unit of backups runs the page that says how they are made', async () => {
  const [command = ''] = (await readUnit('upload-bridge-backup.service')).get('ExecStart') ?? []
  const [, id = ''] = /handbook run (\S+)/.exec(command) ?? []
  const path = `docs/recovery/${id}.md`
  const { phases } = parseProcedure(await readFile(path, 'utf8'), path)
  // With `auto: change`, nobody has to be asked.
  expect(phases.flatMap(({ steps }) => steps.map(({ risk }) => risk))).not.toContain('danger')
})

describe.runIf(requires('what systemd says of the units', ['systemd-analyze']))('systemd', () => {
  test('finds nothing wrong with them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'units-'))
    try {
      await cp(FOLDER, folder, { recursive: true })
      const names = (await readdir(folder)).filter(name => /\.(?:service|timer)$/.test(name))
      const units = names.map(name => join(folder, name))
      // What they start, and where, need not be here.
      for (const unit of units) {
        const text = await readFile(unit, 'utf8')
        await writeFile(
          unit,
          text.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true').replace(/^WorkingDirectory=.*/m, 'WorkingDirectory=/'),
        )
      }
      const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', ...units])
      expect(stderr).toBe('')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
