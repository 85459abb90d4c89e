import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHandbook, HANDBOOK } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
})
afterAll(() => handbook.remove())

/** Runs a script in a terminal with colours; returns what that showed. */
async function inTerminal(script: string, more: Record<string, string> = {}): Promise<string> {
  const { NO_COLOR: _, ...env } = handbook.env
  const run = `${process.execPath} ${join(handbook.bundles, 'handbook.cjs')}`
  const { stdout } = await execa('script', ['-qfec', script.replaceAll('HANDBOOK', run), '/dev/null'], {
    cwd: handbook.cwd,
    env: { ...env, TERM: 'xterm', ...more },
    extendEnv: false,
    reject: false,
  })
  return stdout
}

const red = '\u001b[31m✗\u001b[39m There is no command rnu'

test('an error has colours where stderr is a terminal, wherever the output goes', async () => {
  expect(await inTerminal('HANDBOOK rnu')).toContain(red)
  expect(await inTerminal('HANDBOOK rnu > out')).toContain(red)
  expect(await inTerminal('HANDBOOK rnu | cat')).toContain(red)
})

test('an error in a file has none, whatever stdout is', async () => {
  await inTerminal('HANDBOOK rnu 2> errors')
  expect(readFileSync(join(handbook.cwd, 'errors'), 'utf8')).toMatch(/^✗ There is no command rnu\n/)
  await inTerminal('HANDBOOK lab status 2> errors')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(readFileSync(join(handbook.cwd, 'errors'), 'utf8')).not.toMatch(/\u001b/)
})

test('nobody gets colours who does not want them', async () => {
  expect(await inTerminal('HANDBOOK rnu', { NO_COLOR: '1' })).toContain('✗ There is no command rnu')
  expect(await inTerminal('HANDBOOK rnu', { TERM: 'dumb' })).toContain('✗ There is no command rnu')
})
