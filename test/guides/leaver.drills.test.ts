import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const LEAVER = 'docs/operations/leaver.md'
const LIMIT = 240_000

describe.runIf(requires('the guide for a colleague who leaves', ['jq', 'psql', 'ssh-keygen']))('in a lab', () => {
  const { lab, directory, run } = provideLab()
  const runs = provideRuns()
  const bridgectl = async (...args: string[]) => {
    const { binPath, configPath } = lab().status()
    const { stdout } = await execa(join(binPath, 'bridgectl'), args, { env: { UPLOAD_BRIDGE_CONFIG: configPath } })
    return stdout
  }
  const endsOf = ({ events }: Awaited<ReturnType<typeof run>>) =>
    tell(events)
      .filter(line => /^[\w-]+ (?:passed|failed|skipped)/.test(line))
      .map(line => line.split(' ').slice(0, 2).join(' '))

  test('the keys of a colleague who leaves are revoked, and no others', { timeout: LIMIT }, async () => {
    const key = async (id: string) => {
      const file = join(directory(), `${id}.key`)
      await bridgectl('keys', 'create', id, '--role', 'upload', '--output', file)
      return readFileSync(file, 'utf8').trim()
    }
    const [mine, other] = [await key('ann-laptop'), await key('ann-marie')]
    const ask = async (secret: string) =>
      (
        await fetch(`${lab().status().url}/uploads/${'0'.repeat(32)}`, {
          headers: { authorization: `Bearer ${secret}` },
        })
      ).status
    expect(await ask(mine)).toBe(404)
    for (const left of [{}, { keys: 'ann-laptop' }]) {
      const unsaid = await run(LEAVER, { person: 'ann', ...left })
      expect(unsaid.ending.outcome, tellRun(unsaid)).toBe('failed')
      expect(readText(unsaid)).toMatch(/Nobody has said whose .*ann-marie is/)
    }
    expect(await ask(mine)).toBe(404)
    const others = { person: 'ann', others: 'ann-marie' }
    const stranger = await run(LEAVER, { ...others, keys: 'ann-laptop', keyFiles: join(directory(), 'ann-marie.key') })
    expect(tellRun(stranger)).toContain('holds the key ann-marie: name it in --param keys=ann-marie')
    expect(await ask(other)).toBe(404)
    const handed = { ...others, keys: 'ann-laptop', keyFiles: join(directory(), 'ann-laptop.key') }
    const done = await run(LEAVER, handed)
    expect(done.ending.outcome, tellRun(done)).toBe('passed')
    expect(endsOf(done)).toContain('rota skipped:')
    expect(readText(done)).toContain('ann-marie upload')
    expect(readText(done)).toContain('A key that was made for this worked, and is refused since it was revoked')
    expect(readText(done)).toContain('ann-laptop worked, and is refused')
    const again = await run(LEAVER, handed)
    expect(readText(again)).toContain('ann-laptop is refused; it did not work before, so it may be a wrong copy')
    await expect.poll(() => ask(mine), { timeout: 10_000 }).toBe(401)
    expect(await ask(other)).toBe(404)
    const unknown = await run(LEAVER, { person: 'ann', keys: 'ann-phone' })
    expect(unknown.ending.outcome).toBe('failed')
    expect(readText(unknown)).toContain('There is no key ann-phone.')
  })

  test('a role of the database that lets a colleague in is named until it does not', { timeout: LIMIT }, async () => {
    const administrator = readFileSync(lab().status().target.databaseAdministratorFile ?? '', 'utf8').trim()
    const sql = (statement: string) => execa('psql', [administrator, '--quiet', '--command', statement])
    await sql('create role ann_reports login')
    const admitted = await run(LEAVER, { person: 'ann' }, 'database')
    expect(admitted.ending.outcome).toBe('failed')
    expect(tellRun(admitted)).toContain('The database still lets ann_reports in: alter role "ann_reports" nologin')
    const another = await run(LEAVER, { person: 'ann', others: 'ann_reports' }, 'database')
    expect(another.ending.outcome, tellRun(another)).toBe('passed')
    await sql('alter role ann_reports nologin')
    const refused = await run(LEAVER, { person: 'ann' }, 'database')
    expect(refused.ending.outcome, tellRun(refused)).toBe('passed')
    expect(readText(refused)).toContain('ann_reports: may not log in, 0 sessions')
    const misspelt = await run(LEAVER, { person: 'ann', databaseRoles: 'an_reports' }, 'database')
    expect(tellRun(misspelt)).toContain('The database has no role an_reports')
  })

  test('a colleague is looked for among those who approve, by name and by key', { timeout: LIMIT }, async () => {
    const { folder, publicKey } = await provideCheckout(directory())
    const page = readFileSync(LEAVER, 'utf8')
    const look = (params: Record<string, string>) =>
      runs.run(page, { page: LEAVER, params, only: 'approver', cwd: folder })
    const named = await look({ person: 'ben' })
    expect(tellRun(named)).toContain('ben still is on-call in production: remove that from handbook.yaml')
    const renamed = await look({ person: 'ann', sshKeys: publicKey })
    expect(tellRun(renamed)).toContain('ann still approves in production as anna-old')
    const unasked = await look({ person: 'ann' })
    expect(unasked.ending.outcome, tellRun(unasked)).toBe('passed')
    expect(readText(unasked)).toContain('Whether a key of the person approves under another name is unknown')
  })

  test.runIf(requires('the account of a leaver', ['root', 'su', 'unshare']))(
    'an account is refused only when it has expired, its password is locked and nobody else takes its key',
    { timeout: LIMIT },
    async () => {
      const { publicKey } = await provideCheckout(directory())
      const change = await provideAccounts(directory(), readFileSync(publicKey, 'utf8'))
      const outcomes = async (person: string) =>
        Promise.all(
          ['account', 'login', 'ssh-keys'].map(async step => {
            const done = await run(LEAVER, { person, sshKeys: publicKey }, step, change)
            return `${step} ${done.ending.outcome} ${readText(done)}`
          }),
        )
      const [account, login, sshKeys] = await outcomes('ann')
      expect(account).toMatch(/^account failed .*ann can log in with \/bin\/sh/s)
      expect(login).toMatch(/^login failed .*ann is let in: usermod/s)
      expect(sshKeys).toMatch(/^ssh-keys failed .*Still lets the person in: shared by /s)
      const [, nologin] = await outcomes('ben')
      expect(nologin).toMatch(/^login failed .*ben is let in: usermod/s)
      const [, unlocked] = await outcomes('carl')
      expect(unlocked).toMatch(/^login failed .*The password of carl is not locked/s)
      const [closed, refused] = await outcomes('dora')
      expect(closed).toMatch(/^account passed /)
      expect(refused).toMatch(/^login passed .*The host refuses dora, and no password of the account works\./s)
    },
  )
})

/** A checkout in which somebody approves by the key of a leaver, and that public key. */
async function provideCheckout(directory: string): Promise<{ folder: string; publicKey: string }> {
  const folder = mkdtempSync(join(directory, 'checkout-'))
  const key = join(folder, 'id')
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ann', '-f', key])
  const approvers = { 'anna-old': readFileSync(`${key}.pub`, 'utf8').trim() }
  const production = { approvers, roles: { 'on-call': ['ben'] } }
  writeFileSync(join(folder, 'handbook.yaml'), JSON.stringify({ environments: { production } }))
  return { folder, publicKey: `${key}.pub` }
}

/** A host with accounts in every state, which only the steps see: files of accounts are put over those of this machine. */
async function provideAccounts(directory: string, publicKey: string) {
  const folder = mkdtempSync(join(directory, 'accounts-'))
  mkdirSync(join(folder, '.ssh'))
  writeFileSync(join(folder, '.ssh', 'authorized_keys'), publicKey)
  const accounts = [
    ['ann', '!', '', '/bin/sh', '/nowhere'],
    ['ben', '!', '', '/usr/sbin/nologin', '/nowhere'],
    ['carl', '$y$j9T$x', '1', '/usr/sbin/nologin', '/nowhere'],
    ['dora', '!', '1', '/usr/sbin/nologin', '/nowhere'],
    ['shared', '!', '1', '/usr/sbin/nologin', folder],
  ] as const
  const passwd = accounts.map(([name, , , shell, home], at) => `${name}:x:${61_000 + at}:61000::${home}:${shell}\n`)
  const shadow = accounts.map(([name, password, expires]) => `${name}:${password}:20000:0:99999:7::${expires}:\n`)
  writeFileSync(join(folder, 'passwd'), readFileSync('/etc/passwd', 'utf8') + passwd.join(''))
  writeFileSync(join(folder, 'shadow'), readFileSync('/etc/shadow', 'utf8') + shadow.join(''))
  const mounts = ['passwd', 'shadow'].map(name => `mount --bind '${folder}/${name}' /etc/${name}`).join(' && ')
  return () => ({ within: ['unshare', '--mount', 'bash', '-c', `${mounts} && exec "$@"`, '--'] })
}
