import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bareEnvironment, parseHandbookFile, type SecretSource } from '../../../src/environments/index.ts'
import { readSecrets } from '../../../src/operate/open/read-secrets.ts'
import { eventually, findLiving, makeMarker } from '../../execute/living.ts'
import { AWKWARD_SECRETS } from '../../secrets/awkward-secrets.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handbook-secrets-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(source: Omit<SecretSource, 'for'>, { name = 'token', env = {}, patience = 20_000 } = {}) {
  const environment = { ...bareEnvironment('production'), secrets: { [name]: { for: 'read' as const, ...source } } }
  return readSecrets(environment, { env: { PATH: process.env.PATH, ...env }, folder, patience })
}

test.each(Object.entries(AWKWARD_SECRETS))('from a variable, a file and a command: %s', async (_, secret) => {
  writeFileSync(join(folder, 'secret'), `${secret}\n`)
  expect(await read({ env: 'HELD' }, { env: { HELD: secret } })).toEqual({ token: secret })
  expect(await read({ file: 'secret' })).toEqual({ token: secret })
  expect(await read({ command: 'cat secret' })).toEqual({ token: secret })
})

const REFUSED: readonly [string, Omit<SecretSource, 'for'>, string][] = [
  ['a variable that is not set', { env: 'NONE' }, 'The secret token of production cannot be had: $NONE is not set'],
  ['an empty variable', { env: 'EMPTY' }, 'The secret token of production cannot be used: $EMPTY gives nothing'],
  ['no file', { file: 'none' }, 'The secret token of production cannot be had: none cannot be read (ENOENT)'],
  [
    'a command that fails',
    { command: 'echo half-a-secret; echo wrong-passphrase-hunter2 >&2; exit 3' },
    'The secret token of production cannot be had: its command ended with exit code 3',
  ],
  [
    'a command that is none',
    { command: 'no-such-program-here' },
    'The secret token of production cannot be had: its command ended with exit code 127',
  ],
  ['a command that prints nothing', { command: 'true' }, 'cannot be used: its command gives nothing'],
  ['a command that prints spaces', { command: 'echo "  "' }, 'cannot be used: its command gives nothing'],
  ['a command that prints for ever', { command: 'yes' }, 'its command prints more than any secret has'],
  ['three characters', { command: 'echo abc' }, 'gives fewer than 4 characters'],
  ['a NUL byte', { command: "printf 'ab\\0cd'" }, 'gives a NUL byte, which no variable can hold'],
  ['no text', { command: "printf 'abc\\377def'" }, 'is not UTF-8 text'],
  ['far too much', { command: 'head -c 70000 /dev/zero | tr "\\0" x' }, 'gives more than 65536 bytes'],
]

test.each(REFUSED)('%s is refused, and nothing of what was printed is shown', async (_, source, message) => {
  const error: unknown = await read(source, { env: { EMPTY: '' } }).catch((error: unknown) => error)
  if (!(error instanceof Error)) throw new Error('It was not refused')
  expect(error.name).toBe('UsageError')
  expect(error.message).toContain(message)
  expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/half-a-secret|hunter2|\babc\b/)
})

test('a command that hangs is ended with what it started', async () => {
  const marker = makeMarker()
  const reading = read({ command: `sleep ${marker} & sleep ${marker}` }, { patience: 1000 })
  await expect(reading).rejects.toThrow('cannot be had: its command did not end within 1 s')
  expect(await eventually(() => findLiving(marker).length === 0)).toBe(true)
})

test('a secret may not take the name of a variable that means something', async () => {
  await expect(read({ command: 'echo value' }, { name: 'path' })).rejects.toThrow(
    'The secret path of production would be the variable PATH, which is taken',
  )
})

test('a command runs beside handbook.yaml, and what it prints is written nowhere', async () => {
  writeFileSync(join(folder, 'beside'), 'printed-here')
  const before = readdirSync(folder)
  expect(await read({ command: 'cat ./beside' })).toEqual({ token: 'printed-here' })
  expect(readdirSync(folder)).toEqual(before)
})

test.each([
  ['none', 'token: { for: read }'],
  ['two', 'token: { env: A, command: pass show a }'],
])('handbook.yaml names one source, not %s', (_, secret) => {
  const result = parseHandbookFile(`url: https://x.example\nenvironments:\n  a:\n    secrets:\n      ${secret}\n`)
  if (!('problems' in result)) throw new Error('It was accepted')
  expect(result.problems[0]).toMatchObject({
    line: 5,
    message: expect.stringContaining('exactly one of env, file, command and issue'),
  })
})
