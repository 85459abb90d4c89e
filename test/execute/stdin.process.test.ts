import { describe, expect, test } from 'vitest'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'

const runs = provideRuns()

const run = async (language: string, code: string) =>
  (await runs.run(`## Checks\n### s0\n\`\`\`${language} timeout=10s\n${code}\n\`\`\`\n`)).events

describe('a command of a ts block that nothing is written to reads the end of its input', () => {
  test.each([
    ['awaited', 'return (await $`wc -l`).stdout.trim()'],
    ['as text', 'const text = await $`wc -l`.text(); return text.trim()'],
    ['at the beginning of a pipe', 'return (await $`cat`.pipe`wc -l`).stdout.trim()'],
    ['beside another one', 'const [a] = await Promise.all([$`wc -l`, $`cat`]); return a.stdout.trim()'],
    ['line by line', 'let n = 0; for await (const _ of $`cat`) n++; return String(n)'],
    ['without quoting', 'return (await $({ quiet: true, nothrow: true })`wc -l`).stdout.trim()'],
    [
      'beside one that is written to',
      "const p = $`cat`; p.stdin.end('x'); await p; return (await $`wc -l`).stdout.trim()",
    ],
    ['at the same time', 'return $.sync`wc -l`.stdout.trim()'],
  ])('%s', async (_, code) => {
    expect(tell(await run('ts', code)).at(-2)).toBe('s0 passed "0"')
  })
})

describe('a command of a ts block reads what it is given', () => {
  test.each([
    ['by a pipe', "return (await $`printf 'a\\nb\\n'`.pipe`wc -l`).stdout.trim()"],
    ['by a pipe that is slow', "return (await $`sleep 0.5; printf 'a\\nb\\n'`.pipe($`wc -l`)).stdout.trim()"],
    ['as input', "return (await $({ input: 'a\\nb\\n' })`wc -l`).stdout.trim()"],
    ['by stdin', "const p = $`wc -l`; p.stdin.write('a\\n'); p.stdin.end('b\\n'); return (await p).stdout.trim()"],
    [
      'by stdin, late',
      "const p = $`wc -l`; setTimeout(() => p.stdin.end('a\\nb\\n'), 300); return (await p).stdout.trim()",
    ],
    ['by write', "const p = $`wc -l`; p.write('a\\n'); p.end('b\\n'); return (await p).stdout.trim()"],
    ['by its child', "const p = $`wc -l`; p.child.stdin.end('a\\nb\\n'); return (await p).stdout.trim()"],
    [
      'after a halt',
      "const p = $({ halt: true })`wc -l`; p.run(); p.stdin.end('a\\nb\\n'); return (await p).stdout.trim()",
    ],
    [
      'by a stream',
      "return (await require('node:stream').Readable.from(['a\\n', 'b\\n']).pipe($`wc -l`)).stdout.trim()",
    ],
  ])('%s', async (_, code) => {
    expect(tell(await run('ts', code))).toContain('s0 passed "2"')
  })
})

describe('a command that wants a terminal fails at once, with a hint', () => {
  test.each([
    ['bash', 'read -r -p "sure? " answer'],
    ['bash', 'read -r answer < /dev/tty'],
    ['bash', 'echo "sudo: a terminal is required to read the password" >&2; exit 1'],
    ['bash', 'echo "user@host: Permission denied (publickey,password)." >&2; exit 255'],
    ['bash', 'stty size'],
    ['ts', 'await $`read -r answer < /dev/tty`'],
    ['ts', 'await $`stty size`'],
  ])('%s: %s', async (language, code) => {
    const finished = (await run(language, code)).find(event => event.type === 'step.finished')
    expect(finished).toMatchObject({ status: 'failed', error: { hint: expect.stringContaining('has no terminal') } })
  })

  test('but not one that fails for another reason', async () => {
    const finished = (await run('bash', 'ls /nowhere')).find(event => event.type === 'step.finished')
    expect(finished?.error?.hint).toBeUndefined()
  })
})
