import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameCommands } from '../../src/cli/name-command.ts'
import { createHandbook } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', 'url: https://x.example\n')
})
afterAll(() => handbook.remove())

/** The names of the commands that a help lists. */
function listCommands(help: string): string[] {
  return [...help.matchAll(/^ {2}([a-z][a-z-]*) {2,}\S/gm)].flatMap(([, name]) => name ?? [])
}

const read = async (...args: readonly string[]) => (await handbook.run(...args, '--help')).stdout

test('every help is of whole sentences, and of lines that fit', async () => {
  const tops = listCommands(await read())
  expect(tops).toEqual(expect.arrayContaining(['run', 'lab', 'alerts', 'runs', 'check']))
  const groups = ['runs', 'lab', 'alerts', 'new'].filter(name => tops.includes(name))
  const deep = (
    await Promise.all(groups.map(async group => listCommands(await read(group)).map(name => [group, name])))
  ).flat()
  const helps = await Promise.all(
    [[], ...tops.map(name => [name]), ...deep].map(async args => ({ args, text: await read(...args) })),
  )
  for (const { args, text } of helps) {
    const where = args.join(' ')
    expect(text, where).toContain('Usage: handbook')
    for (const line of text.split('\n')) {
      // A command to copy is on one line.
      if (!/^ +handbook /.test(line)) expect(line.length, `${where}: ${line}`).toBeLessThanOrEqual(80)
      expect(line, where).not.toMatch(/undefined|NaN|Infinity|There are: ?$|one of $/)
    }
    // Rows: what is said of a command or an option ends where a sentence may.
    const rows = text
      .replace(/\n {12,}/g, ' ')
      .split('\n')
      .filter(line => /^ {2}\S.* {2,}\S/.test(line))
    for (const row of rows)
      expect(row.trimEnd(), where).not.toMatch(/(?:\b(?:as in|as|with|and|or|of|the|a|to|in)|[,:;])$/)
  }
}, 120_000)

test('every command is named as it is called here', async () => {
  for (const name of listCommands(await read()))
    expect(nameCommands(`  handbook ${name}`, 'npx handbook')).toBe(`  npx handbook ${name}`)
})

test('the version says when it was built', async () => {
  for (const word of ['--version', '-V', 'version']) {
    const { stdout, exitCode } = await handbook.run(word)
    expect(stdout).toMatch(/^handbook \d+\.\d+\.\d+, built \d{4}-\d\d-\d\d \d\d:\d\d UTC, node \d+/)
    expect(exitCode).toBe(0)
  }
  expect(JSON.parse((await handbook.run('--version', '--json')).stdout)).toMatchObject({
    version: expect.any(String),
    built: expect.any(String),
  })
})

test('run alone says where pages are listed', async () => {
  expect((await handbook.run('run')).stderr).toContain('handbook list')
})
