import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { nameCall, nameCommands } from '../../src/cli/name-command.ts'

const root = mkdtempSync(join(tmpdir(), 'called-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const far = mkdtempSync(join(tmpdir(), 'somewhere-else-'))
afterAll(() => rmSync(far, { recursive: true, force: true }))

for (const folder of ['dist/bin', 'node_modules/.bin', 'usr bin', 'other', 'alone'])
  mkdirSync(join(root, folder), { recursive: true })
const program = join(root, 'dist/handbook.cjs')
for (const file of ['dist/handbook.cjs', 'dist/bin/handbook', 'other/handbook', 'alone/handbook.cjs']) {
  writeFileSync(join(root, file), '')
  chmodSync(join(root, file), 0o755)
}
symlinkSync(program, join(root, 'node_modules/.bin/handbook'))
symlinkSync(program, join(root, 'usr bin/handbook'))
const bin = join(root, 'node_modules/.bin')

test.each<[string, Parameters<typeof nameCall>[0], string, string?]>([
  ['on the path', { program, cwd: root, env: { PATH: `/usr/bin:${join(root, 'usr bin')}` } }, 'handbook'],
  ['its folder is on the path', { program, cwd: root, env: { PATH: join(root, 'dist/bin') } }, 'handbook'],
  ['another handbook is on the path', { program, cwd: root, env: { PATH: join(root, 'other') } }, 'dist/bin/handbook'],
  ['npx', { program: join(bin, 'handbook'), cwd: far, env: { PATH: bin, npm_command: 'exec' } }, 'npx handbook'],
  [
    'a script of npm',
    { program: join(bin, 'handbook'), cwd: root, env: { PATH: bin, npm_lifecycle_event: 'x' } },
    'node_modules/.bin/handbook',
  ],
  ['node with its file', { program, cwd: root, env: {} }, 'dist/bin/handbook'],
  ['in its folder', { program, cwd: join(root, 'dist/bin'), env: {} }, './handbook'],
  [
    'a file without its folder',
    { program: join(root, 'alone/handbook.cjs'), cwd: root, env: {} },
    'node alone/handbook.cjs',
  ],
  [
    'far away',
    { program, cwd: far, env: { PATH: '/usr/bin' } },
    'handbook',
    `alias handbook=${join(root, 'dist/bin/handbook')}`,
  ],
  [
    'far away, and only with node',
    { program: join(root, 'alone/handbook.cjs'), cwd: far, env: {} },
    'handbook',
    `alias handbook='node ${join(root, 'alone/handbook.cjs')}'`,
  ],
])('what is typed for handbook: %s', (_, call, command, alias) => {
  expect(nameCall(call)).toEqual(alias === undefined ? { command } : { command, alias })
})

test('commands are named, and books are not', () => {
  const name = (text: string) => nameCommands(text, 'npx handbook')
  expect(name('Resume it: handbook runs resume r')).toBe('Resume it: npx handbook runs resume r')
  expect(name('See `handbook list`, or handbook COMMAND --help')).toBe(
    'See `npx handbook list`, or npx handbook COMMAND --help',
  )
  for (const text of [
    'the handbook shows how',
    'this handbook runs here',
    'npx handbook list',
    'handbook.yaml',
    '/opt/handbook run',
    'the lab of a handbook',
  ])
    expect(name(text)).toBe(text)
})
