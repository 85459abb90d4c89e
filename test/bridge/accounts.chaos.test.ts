import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { requires } from '../environment/requires.ts'
import { sample, sendByForm } from './support/clients.ts'
import type { Deployment } from './support/deployment.ts'
import { prepareGround } from './support/ground.ts'
import { until } from './support/until.ts'

/** The service's account, and one that has nothing to do with it. */
const SERVICE = 65_534
const STRANGER = 4242

const stateOf = ({ configPath }: Deployment) => join(dirname(configPath), 'state')
const ownerOf = async (path: string) => {
  const { uid, gid, mode } = await stat(path)
  return `${uid}:${gid} ${(mode & 0o777).toString(8)}`
}
const ask = (url: string, path: string, key: string) =>
  fetch(new URL(path, url), { headers: { Authorization: `Bearer ${key}` } })

describe.runIf(requires('files that another account writes', ['root', 'setpriv']))('an operator who is root', () => {
  const ground = prepareGround()
  const deploy = (configuration: Record<string, object> = {}) => ground.deploy({ account: SERVICE, configuration })
  const asRoot = async (deployment: Deployment, ...args: string[]) => {
    const { exitCode, stdout, stderr } = await deployment.bridgectlAs(undefined, ...args, '--json')
    expect([exitCode, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }
  const keyMadeBy = async (deployment: Deployment, id: string) => {
    const made = JSON.stringify(await asRoot(deployment, 'keys', 'create', id, '--role', 'operate'))
    return /"key":"([^"]+)"/.exec(made)?.[1] ?? ''
  }

  it('makes and revokes keys, and every other key goes on working', async () => {
    const deployment = await deploy({ auth: { required: true } })
    const file = join(stateOf(deployment), 'keys.json')
    const first = await keyMadeBy(deployment, 'first')
    expect(await ownerOf(file)).toBe(`${SERVICE}:${SERVICE} 600`)
    expect((await ask(deployment.api.url, '/metrics', first)).status).toBe(200)
    await chown(file, SERVICE, 12)
    await chmod(file, 0o640)
    const second = await keyMadeBy(deployment, 'second')
    await asRoot(deployment, 'keys', 'revoke', 'first')
    expect(await ownerOf(file)).toBe(`${SERVICE}:12 640`)
    expect((await ask(deployment.api.url, '/metrics', second)).status).toBe(200)
    expect((await ask(deployment.api.url, '/metrics', first)).status).toBe(401)
    expect((await deployment.bridgectl('keys', 'create', 'third', '--role', 'read')).exitCode).toBe(1)
    await chmod(file, 0o600)
    expect((await deployment.bridgectl('keys', 'create', 'third', '--role', 'read')).exitCode).toBe(0)
  })

  it('closes admission, records a backup and begins the audit trail, and the service can use all of it', async () => {
    const deployment = await deploy()
    const state = stateOf(deployment)
    await asRoot(deployment, 'admission', 'close', '--reason', 'maintenance')
    expect((await sendByForm(deployment.api.url, sample(10).bytes)).status).toBe(503)
    const output = join(state, 'operator.key')
    await asRoot(deployment, 'keys', 'create', 'operator', '--role', 'operate', '--output', output)
    const backup = join(deployment.storagePath, '.backup')
    await asRoot(deployment, 'backup', 'export', backup)
    await asRoot(deployment, 'backup', 'record', 'stored', backup, '--snapshot', 'abc')
    for (const name of await readdir(state))
      expect(`${name} ${await ownerOf(join(state, name))}`).toContain(`${SERVICE}:`)
    const again = join(deployment.storagePath, '.again')
    for (const folder of [backup, again]) {
      // As the hourly backup does, which runs as the service does.
      if (folder === again) await deployment.control('backup', 'export', again)
      expect(await deployment.control('backup', 'verify', folder)).toMatchObject({ problems: [] })
    }
    await deployment.control('admission', 'open')
    expect(deployment.api.lines.join('\n')).not.toContain('cannot be')
  })

  it('brings a backup back to a folder of the service, which can serve it', async () => {
    const before = await deploy()
    await before.control('deliveries', 'pause')
    await sendByForm(before.api.url, sample(1000).bytes)
    const folder = join(dirname(before.configPath), 'export')
    await before.control('backup', 'export', folder)
    const place = join(ground.get().folder, `place-${SERVICE}`)
    await mkdir(place)
    await chown(place, SERVICE, SERVICE)
    const after = await deploy({ storage: { path: join(place, 'storage') } })
    await asRoot(after, 'backup', 'import', folder)
    const uploads = join(place, 'storage', 'uploads')
    const brought = [
      ...(await readdir(uploads)).map(name => join(uploads, name)),
      join(stateOf(after), 'admission.json'),
    ]
    expect(brought).toHaveLength(2)
    for (const path of brought) expect(await ownerOf(path)).toMatch(`${SERVICE}:${SERVICE} `)
    await after.control('admission', 'open')
    await after.control('deliveries', 'resume')
    await until('it is delivered', () => after.sink.arrivals.length === 1)
  })

  it('gives new files of a folder that root shares with a group to that group', async () => {
    const shared = join(ground.get().folder, 'shared')
    await mkdir(shared)
    await chown(shared, 0, SERVICE)
    await chmod(shared, 0o750)
    const keysFile = join(shared, 'keys.json')
    const deployment = await deploy({ auth: { required: true, keysFile } })
    const key = await keyMadeBy(deployment, 'first')
    expect(await ownerOf(keysFile)).toBe(`0:${SERVICE} 640`)
    expect((await ask(deployment.api.url, '/metrics', key)).status).toBe(200)
    const { exitCode, stderr } = await deployment.bridgectl('keys', 'create', 'second', '--role', 'read')
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('run bridgectl as root')])
  })

  it.each([
    ['a folder of root', 'root-only', 0o755],
    ['a folder that is not there yet', 'root-only/new', undefined],
  ])('gives keys and the audit trail in %s to the account of the service', async (_what, name, mode) => {
    const folder = join(ground.get().folder, name)
    if (mode !== undefined) await mkdir(folder, { mode })
    const [keysFile, path] = [join(folder, 'keys.json'), join(folder, 'audit.ndjson')]
    const deployment = await deploy()
    const configPath = join(dirname(deployment.configPath), `${name.replace('/', '-')}.yaml`)
    const configuration = parse(await readFile(deployment.configPath, 'utf8'))
    await writeFile(configPath, stringify({ ...configuration, auth: { required: true, keysFile }, audit: { path } }))
    await asRoot(deployment, 'keys', 'create', 'first', '--role', 'read', '--config', configPath)
    for (const file of [keysFile, path]) expect(await ownerOf(file)).toMatch(`${SERVICE}:${SERVICE} `)
    // As a command of before left it.
    await chown(keysFile, 0, 0)
    await asRoot(deployment, 'keys', 'revoke', 'first', '--config', configPath)
    expect(await ownerOf(keysFile)).toBe(`${SERVICE}:${SERVICE} 600`)
  })

  it('makes a folder of the state that is not there for the account of the service, which gets there', async () => {
    const deployment = await deploy()
    const path = join(ground.get().folder, 'var', 'state')
    const configPath = join(dirname(deployment.configPath), 'new-state.yaml')
    const configuration = parse(await readFile(deployment.configPath, 'utf8'))
    await writeFile(configPath, stringify({ ...configuration, state: { path } }))
    for (const command of ['admission close', 'keys create first --role read'])
      await asRoot(deployment, ...command.split(' '), '--config', configPath)
    expect(await ownerOf(dirname(path))).toBe('0:0 755')
    expect(await ownerOf(path)).toMatch(`${SERVICE}:${SERVICE} `)
    const names = await readdir(path)
    expect(names.sort()).toEqual(['admission.json', 'audit.ndjson', 'keys.json'])
    for (const file of names) expect(await ownerOf(join(path, file))).toMatch(`${SERVICE}:${SERVICE} `)
  })

  it('writes keys where a link leads, and leaves the link', async () => {
    const deployment = await deploy({ auth: { required: true } })
    const link = join(stateOf(deployment), 'keys.json')
    const elsewhere = join(ground.get().folder, `shared-keys-${SERVICE}`)
    await mkdir(elsewhere)
    await chown(elsewhere, SERVICE, SERVICE)
    const file = join(elsewhere, 'keys.json')
    const first = await keyMadeBy(deployment, 'first')
    await rename(link, file)
    await symlink(file, link)
    await asRoot(deployment, 'keys', 'revoke', 'first')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readFile(file, 'utf8')).toContain('revokedAt')
    expect(await ownerOf(file)).toBe(`${SERVICE}:${SERVICE} 600`)
    expect((await ask(deployment.api.url, '/metrics', first)).status).toBe(401)
    await rm(file)
    const second = await keyMadeBy(deployment, 'second')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await ask(deployment.api.url, '/metrics', second)).status).toBe(200)
  })

  it('is told apart from one who could not keep the owner: nothing is replaced then, and no key handed out', async () => {
    const deployment = await deploy({ auth: { required: true } })
    const state = stateOf(deployment)
    await keyMadeBy(deployment, 'first')
    await asRoot(deployment, 'admission', 'close')
    for (const path of [state, dirname(deployment.configPath)]) await chmod(path, 0o777)
    for (const name of ['keys.json', 'admission.json']) await chmod(join(state, name), 0o644)
    const look = async () => {
      const names = (await readdir(state)).filter(name => name !== 'audit.ndjson').sort()
      return Promise.all(
        names.map(async name => [name, await ownerOf(join(state, name)), await readFile(join(state, name), 'utf8')]),
      )
    }
    const before = await look()
    const output = join(dirname(deployment.configPath), 'stranger.key')
    for (const args of [
      ['keys', 'create', 'second', '--role', 'upload', '--output', output],
      ['keys', 'revoke', 'first'],
      ['admission', 'close', '--reason', 'maintenance'],
      ['backup', 'record', 'stored', '/nowhere', '--snapshot', 'abc'],
    ]) {
      const { exitCode, stdout, stderr } = await deployment.bridgectlAs(STRANGER, ...args)
      expect([args, exitCode, stdout]).toEqual([args, 1, ''])
      if (args[0] !== 'backup') expect(stderr).toMatch(/nothing was changed\nHint: .*sudo -u nobody bridgectl/)
    }
    expect(await look()).toEqual(before)
    await expect(stat(output)).rejects.toThrow('ENOENT')
  })
})

describe.runIf(requires('keys that the API cannot read', ['root', 'setpriv']))(
  'an API that cannot read its keys',
  () => {
    const ground = prepareGround()

    it.each([
      ['belong to somebody else', (file: string) => chown(file, 0, 0)],
      ['are damaged', (file: string) => writeFile(file, '[{"id": 1')],
    ])('is not ready and answers 503 while they %s, and comes back by itself', async (_why, spoil) => {
      const deployment = await ground.deploy({ account: SERVICE, configuration: { auth: { required: true } } })
      const { url } = deployment.api
      const { stdout } = await deployment.bridgectl('keys', 'create', 'good', '--role', 'operate')
      const key = stdout.trim()
      const file = join(stateOf(deployment), 'keys.json')
      const kept = await readFile(file)
      expect((await ask(url, '/metrics', key)).status).toBe(200)
      const readiness = async () => {
        const response = await fetch(new URL('/readyz', url))
        return { status: response.status, body: JSON.stringify(await response.json()) }
      }
      await until('it is ready', async () => (await readiness()).status === 200)
      await spoil(file)
      const { status, body } = await readiness()
      expect([status, body]).toEqual([503, expect.stringContaining('"keys":[{"status":"fail"')])
      expect(body).not.toContain(file)
      for (const path of ['/metrics', `/uploads/${'a'.repeat(32)}`]) {
        const refused = await ask(url, path, key)
        expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'keys-unavailable' }])
      }
      expect((await fetch(new URL('/metrics', url))).status).toBe(401)
      expect((await fetch(new URL('/livez', url))).status).toBe(200)
      await writeFile(file, kept)
      await chown(file, SERVICE, SERVICE)
      expect([(await readiness()).status, (await ask(url, '/metrics', key)).status]).toEqual([200, 200])
    })

    it('says so as well where keys are recognised and not demanded', async () => {
      const deployment = await ground.deploy({ account: SERVICE })
      await writeFile(join(stateOf(deployment), 'keys.json'), 'nonsense')
      expect((await ask(deployment.api.url, '/metrics', 'ub_any_key')).status).toBe(503)
      expect((await fetch(new URL('/metrics', deployment.api.url))).status).toBe(200)
    })
  },
)
