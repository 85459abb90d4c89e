import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook } from './handbook.ts'
import { check, page, proveIn } from './prove-pages.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())
const prove = (...args: readonly string[]) => proveIn(handbook, ...args)

/** Plants what a script of package.json must refuse in a copy, and fails when it is let through. */
function plant(script: string): string {
  return `folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cp -r package.json src "$folder"
cd "$folder"
echo wrong >src/planted.txt
if npm run --silent ${script}; then exit 1; fi`
}

describe('what is done to the repository', () => {
  beforeEach(() => {
    handbook.write('handbook.yaml', `${handbook.lab}url: https://x.example\n`)
    handbook.write(
      'package.json',
      '{ "scripts": { "lint": "! grep -rn wrong src", "types": "! grep -rn wrong src" } }\n',
    )
    handbook.write('src/fine.txt', 'fine\n')
    handbook.write('.gitignore', '.handbook/\n')
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: handbook.cwd, stdio: 'ignore' })
    git('init')
    git('add', '--all')
    git('-c', 'user.name=A', '-c', 'user.email=a@x.example', 'commit', '--message', 'all')
  })

  test('proves a check in a copy, in which the changes of now are, and leaves nothing behind', async () => {
    handbook.write('docs/readiness/gate.md', page('gate', check('lint', 'item=gate-5 breaks=lint-off', plant('lint'))))
    const answer = await prove('--write')
    expect(answer).toMatchObject({
      exitCode: 0,
      checks: [{ id: 'lint', page: 'docs/readiness/gate.md', breaks: ['lint-off'], proven: true, over: 1 }],
      mutations: [{ mutation: 'lint-off', proven: true }],
    })
    expect(readFileSync(join(handbook.cwd, 'package.json'), 'utf8')).toContain('grep')
    expect(readdirSync(join(handbook.cwd, '.handbook/prove'))).toEqual([])
    const kept = JSON.parse(readFileSync(join(handbook.cwd, 'static/readiness/proofs.json'), 'utf8'))
    expect(kept).toEqual({ checks: answer.checks })
  })

  test('catches a check that cannot fail, one that fails unasked, and names one that nothing breaks', async () => {
    const file = page(
      'gate',
      check('lint', 'item=gate-5 breaks=lint-off', plant('lint')),
      check('blind', 'item=gate-6 breaks=types-off', 'true'),
      check('both', 'item=gate-3 breaks=types-off', `${plant('lint')}\nif npm run --silent types; then exit 1; fi`),
      check('silent', 'item=gate-1', 'true'),
    )
    handbook.write('docs/readiness/gate.md', file)
    const { exitCode, stdout } = await handbook.run('assess', '--prove')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ lint-off .*\n\s+#both of docs\/readiness\/gate\.md went from passed to failed, and/)
    expect(stdout).toMatch(/✗ types-off .*\n\s+#blind of docs\/readiness\/gate\.md passed all the same/)
    expect(stdout).toMatch(/0 of 4 checks proven in \d/)
    expect(stdout).toMatch(/because no mutation is declared for them:\n {2}#silent/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
    expect(existsSync(join(handbook.cwd, 'static/readiness'))).toBe(false)
  })

  test('keeps the proofs of other checks when one is proven anew', async () => {
    const file = page(
      'gate',
      check('lint', 'item=gate-5 breaks=lint-off', plant('lint')),
      check('types', 'item=gate-6 breaks=types-off', plant('types')),
    )
    handbook.write('docs/readiness/gate.md', file)
    await prove('--write')
    const answer = await prove('--write', 'gate/types')
    expect(answer.mutations.map(({ mutation }) => mutation)).toEqual(['types-off'])
    const kept = JSON.parse(readFileSync(join(handbook.cwd, 'static/readiness/proofs.json'), 'utf8'))
    expect(kept.checks).toMatchObject([{ id: 'lint', proven: true }, answer.checks[0]])
  })

  test('leaves checks of a deployment out where there is none', async () => {
    const file = page(
      'gate',
      check('lint', 'item=gate-5 breaks=lint-off', plant('lint')),
      check('deployed', 'item=gate-3 breaks=quiet-logs', 'curl -sf "$TARGET_URL"'),
    )
    handbook.write('docs/readiness/gate.md', file)
    expect(await prove('lint')).toMatchObject({ exitCode: 0, checks: [{ id: 'lint', proven: true, over: 1 }] })
  })

  test.each([
    ['a check that there is not', ['--prove', 'lind'], /There is no check lind/],
    ['a check without --prove', ['lint'], /Single checks can only be proven/],
    ['an environment', ['--prove', '--env', 'lab'], /--prove takes no --env/],
  ])('is not used with %s', async (_, args, message) => {
    handbook.write('docs/readiness/gate.md', page('gate', check('lint', 'item=gate-5 breaks=lint-off', 'true')))
    const { exitCode, stderr } = await handbook.run('assess', ...args)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) })
  })
})
