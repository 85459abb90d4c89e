import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runShellcheck } from '../../src/lint/shell/run-shellcheck.ts'
import { requires } from '../environment/requires.ts'
import { bash, checkText, guide } from './check-text.ts'

const HERE = requires('ShellCheck on bash blocks', ['shellcheck'])

async function check(page: string) {
  const { problems, marks } = await checkText(page, 'md', { shellcheck: true })
  return {
    found: problems.map(({ line, column, rule, severity, message }) => ({
      at: `${line}:${column}`,
      rule,
      severity,
      code: /SC\d+/.exec(message)?.[0],
    })),
    marks,
    problems,
  }
}

describe.runIf(HERE)('ShellCheck', () => {
  it('says what it thinks at the page’s own place, after emoji and in lists too', async () => {
    const page = `## Procedure

### One

1. In a list

   \`\`\`bash
   echo "🌍"; for f in ⟪$(ls); do echo "$f"; done
   \`\`\`
`
    const { found, marks, problems } = await check(page)
    expect(found).toEqual([{ at: marks[0], rule: 'shellcheck', severity: 'error', code: 'SC2045' }])
    expect(problems[0]?.hint).toContain('https://www.shellcheck.net/wiki/SC2045')
  })

  it('warns with a warning, and leaves matters of style alone', async () => {
    const { found, marks } = await check(guide(bash('⟪unread=1\necho $HOME')))
    expect(found).toEqual([{ at: marks[0], rule: 'shellcheck', severity: 'warning', code: 'SC2034' }])
  })

  it('is told by a directive what to leave alone, for a line or for the block', async () => {
    const { found } = await check(
      guide(
        bash('echo one\n# shellcheck disable=SC2034\nunread=1'),
        bash('# shellcheck disable=SC2034\nunread=1\necho one\nother=2'),
      ),
    )
    expect(found).toEqual([])
  })

  it('knows what every block is given, and that a failing command ends it', async () => {
    const params = '---\nparams:\n  staleAfter: { type: duration, default: 24h }\n---\n\n'
    const page = guide(
      bash('echo "percent=80" >> "$STEP_OUTPUT"'),
      bash('cd "$TARGET_STORAGE_PATH"\nls "$STALE_AFTER" "$STEP_ONE_PERCENT" "$PWD"\nhb skip "not today"'),
    )
    expect((await check(params + page)).found).toEqual([])
  })

  it('leaves a block that bash cannot read to bash, and says of each of many blocks what is its own', async () => {
    const blocks = [bash('if true; then'), bash('⟪a=1'), bash('echo fine'), bash('⟪a=1'), bash('echo\n  ⟪b=1')]
    const { found, marks } = await check(guide(...blocks))
    expect(found.filter(({ rule }) => rule === 'shellcheck').map(({ at }) => at)).toEqual(marks)
    expect(found.filter(({ rule }) => rule === 'bash-syntax')).toHaveLength(1)
  })

  it('leaves no file behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shellcheck-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => void vi.unstubAllEnvs())
    expect(await runShellcheck(['unread=1'])).toHaveLength(1)
    expect(readdirSync(folder)).toEqual([])
  })
})

it('is asked only when it is wanted', async () => {
  expect((await checkText(guide(bash('unread=1\necho one')))).problems).toEqual([])
})
