import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examineAccount } from '../../../src/operate/doctor/examine-account.ts'
import { requires } from '../../environment/requires.ts'

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

describe.runIf(requires('what another account may read', ['root', 'setpriv']))('an account', () => {
  let root: string
  let target: Record<string, string>

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'account-'))
    chmodSync(root, 0o755)
    target = { open: join(root, 'open'), closed: join(root, 'closed'), inside: join(root, 'folder/deep/file') }
    target = { ...target, absent: join(root, 'none/at/all'), url: 'http://x.example' }
    for (const [name, mode] of [
      ['open', 0o644],
      ['closed', 0o600],
    ] as const)
      writeFileSync(join(root, name), '', { mode })
    mkdirSync(join(root, 'folder/deep'), { recursive: true })
    writeFileSync(join(root, 'folder/deep/file'), '')
    chmodSync(join(root, 'folder'), 0o700)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const say = async (within: readonly string[], ...facts: readonly string[]) =>
    (await examineAccount({ target, within }, facts)).map(({ state, says }) => `${state}: ${says.replaceAll(root, '')}`)

  test('that may read all that a page uses is told so, and what is not there keeps nobody out', async () => {
    expect(await say([], 'open', 'closed', 'inside', 'absent')).toEqual([
      'good: this account may read the 4 paths that this page uses',
    ])
    expect(await say(NOBODY, 'open', 'absent')).toEqual(['good: this account may read the 2 paths that this page uses'])
  })

  test('that may not is told which fact, also when a folder keeps it out', async () => {
    expect(await say(NOBODY, 'open', 'closed', 'inside', 'url')).toEqual([
      'bad: closed, /closed, cannot be read by this account',
      'bad: inside, /folder/deep/file, cannot be read by this account',
    ])
  })

  test('is not judged where nobody can look, and not asked of a page that uses no path', async () => {
    expect(await say(['/nowhere/nsenter'], 'open')).toEqual([
      'unknown: /nowhere/nsenter could not look what this account may read',
    ])
    expect(await say(NOBODY, 'url')).toEqual([])
  })
})
