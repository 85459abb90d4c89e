import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { provideRuns } from '../../runner/provide-runs.ts'
import { tell } from '../../runner/run-page.ts'

const runs = provideRuns()

/** What the one step of a page said, and how it ended. */
async function runOne(code: string, options: Parameters<typeof runs.run>[1] = {}, meta = ''): Promise<string[]> {
  const { events } = await runs.run(`## Checks\n### one\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`, options)
  return tell(events).slice(2, -1)
}

describe('code goes to bash to the letter', () => {
  test.each([
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is bash
    ['variables in braces', 'x=1; echo "${x}" "${HOME:+home}"', '1 home'],
    ['backticks', 'echo `echo one`', 'one'],
    ['a heredoc that is quoted', "cat <<'EOF'\n$x `y` \\n\nEOF", '$x `y` \\n'],
    ['a heredoc that is not', 'x=2; cat <<EOF\n${x} $(echo 3)\nEOF', '2 3'],
    ['quotes with escapes', String.raw`printf '%s' $'a\tb\xc3\xa9'`, 'a\tbé'],
    ['unicode', 'echo "grüß 🙂 日本"', 'grüß 🙂 日本'],
    ['backslashes', String.raw`printf '%s\n' 'a\nb' "\$x"`, 'a\\nb\n$x'],
    ['a dollar at the end', 'echo cost: 5$', 'cost: 5$'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is bash
  ])('%s', async (_, code, said) => {
    expect((await runOne(code)).join('\n').trimEnd()).toBe(
      `one stdout: ${said}\n${said.includes('\t') ? '' : '\n'}one passed`,
    )
  })

  test('a page with CRLF line ends', async () => {
    const { events } = await runs.run('## Checks\r\n### one\r\n```bash\r\nx=1\r\necho "$x"\r\n```\r\n')
    expect(tell(events)).toContain('one stdout: 1\n')
  })

  test.each([100_000, 200_000])('%i bytes of it', async size => {
    const filler = `: '${'x'.repeat(98)}'\n`.repeat(size / 100)
    expect(await runOne(`${filler}echo "$0"; false`)).toEqual([
      'one stdout: page.md\n',
      `one failed at ${size / 100 + 4}:1: bash ended with exit code 1: false`,
    ])
  })

  test('errexit, nounset and pipefail are on', async () => {
    expect(await runOne('false; echo on')).toEqual(['one failed at 4:1: bash ended with exit code 1: false'])
    expect(await runOne('false | true')).toEqual([
      'one failed at 4:1: bash ended with exit code 1: a pipe with true, whose parts gave 1, 0',
    ])
    expect((await runOne('echo $nowhere')).at(-1)).toMatch(
      /^one failed at 4:1: bash ended with exit code 1: nowhere: unbound variable$/,
    )
  })
})

describe('what bash complains of is at the page’s own line', () => {
  test.each([
    ['plain', '## Checks\n\ntext\n\n### one\n```bash\ntrue\nnosuchcommand\n```\n', 8, 1],
    ['in a list, indented', '## Checks\n### one\n- a list\n\n  ```bash\n  true\n  nosuchcommand\n  ```\n', 7, 3],
    ['in a quote, after an emoji', '## Checks\n### one\n> 🙂 see\n> ```bash\n> nosuchcommand\n> ```\n', 5, 3],
    ['with CRLF', '## Checks\r\n### one\r\n```bash\r\ntrue\r\nnosuchcommand\r\n```\r\n', 5, 1],
  ])('%s', async (_, page, line, column) => {
    const { events } = await runs.run(page)
    expect(tell(events)).toContain(`one stderr: page.md: line ${line}: nosuchcommand: command not found\n`)
    expect(tell(events)).toContain(
      `one failed at ${line}:${column}: bash ended with exit code 127: nosuchcommand: command not found`,
    )
  })
})

describe('output', () => {
  test.each([1, 2])('of a megabyte arrives whole and in order, on file descriptor %i', async descriptor => {
    const { events, folder } = await runs.run(
      `## Checks\n### one\n\`\`\`bash\nseq 1 150000 >&${descriptor}; printf end >&${descriptor}\n\`\`\`\n`,
    )
    const kept = events.find(event => event.type === 'step.output-kept')
    const numbers = Array.from({ length: 150_000 }, (_, index) => `${index + 1}\n`).join('')
    expect(readFileSync(join(folder, kept?.file ?? ''), 'utf8')).toBe(`${numbers}end`)
    expect(events.at(-2)).toMatchObject({ type: 'step.finished', status: 'passed' })
  })

  test.each([
    ['echo a\nfalse\necho b', '5:1', '1: false'],
    ['f() {\n  test 1 = 2\n}\nf', '5:1', '1: test 1 = 2'],
    ['x=$(true; exit 3)', '4:1', '3: x=$(true; exit 3)'],
    ['(\n  false\n)', '6:1', '1: (\n  false\n)'],
    ['echo n | grep -q 1', '4:1', '1: a pipe with grep -q 1, whose parts gave 0, 1'],
    ['echo n | while read -r l; do [ "$l" != n ]; done', '4:1', '1: a pipe with echo n, whose parts gave 0, 1'],
    [
      'yes | head -1 > /dev/null',
      '4:1',
      '141 (SIGPIPE): a pipe with head -1 > /dev/null, whose parts gave 141 (SIGPIPE), 0',
    ],
    ['bash -c "kill -9 \\$\\$" 2> /dev/null', '4:1', undefined],
    ['[ 1 = 2 ] && echo a\n[ 1 = 2 ]', '5:1', '1: [ 1 = 2 ]'],
  ])('says which command failed, and where: %s', async (code, place, said) => {
    const last = (await runOne(code)).at(-1) ?? ''
    expect(last).toMatch(new RegExp(`^one failed at ${place}: bash ended with exit code`))
    if (said !== undefined) expect(last).toContain(`exit code ${said.split('\n')[0]}`)
  })

  test.each([
    ['exit 3', ' at 4:1', ': exit 3'],
    ['x=$(false; echo on); exit 3', ' at 4:1', ': exit 3'],
    ['trap - ERR; ( exit 3 )', '', ''],
    ['date > /dev/null; ( exit 3 ) && echo yes', '', ''],
    ['if false; then :; fi; exit 3', ' at 4:1', ': exit 3'],
  ])('names no command that did not end it: %s', async (code, place, said) => {
    expect(await runOne(code)).toEqual([`one failed${place}: bash ended with exit code 3${said}`])
  })

  test('keeps characters whole that come in pieces', async () => {
    const { events } = await runs.run(
      "## Checks\n### one\n```bash\nprintf '\\xf0\\x9f'; sleep 0.2; printf '\\x99\\x82'; sleep 0.1; printf '\\xe2'\n```\n",
    )
    expect(tell(events)).toContain('one stdout: 🙂\uFFFD')
  })

  test('may go through /dev/stdout and /dev/stderr', async () => {
    expect(await runOne('echo a > /dev/stdout; echo b | tee /dev/stderr > /dev/null')).toEqual([
      'one stdout: a\n',
      'one stderr: b\n',
      'one passed',
    ])
  })

  test('is not waited for when a child that was left keeps the streams open', async () => {
    const code = '( sleep 9; echo late ) & echo now'
    expect(await runOne(code, {}, 'leaves="it is slow"')).toEqual(['one stdout: now\n', 'one passed'])
  })

  test('of a child that never stops does not hold the step up', async () => {
    const { events } = await runs.run(
      '## Checks\n### one\n```bash\nyes & sleep 0.1\n```\n### two\n```bash\ntrue\n```\n',
    )
    expect(tell(events).slice(-4)).toEqual([
      expect.stringMatching(/^one failed at 4:1: yes \(process \d+, started at line 4\) was still running/),
      'two started',
      'two passed',
      '= failed',
    ])
  })
})

describe('hb', () => {
  const page = (code: string) =>
    `---\nalerts: [A]\n---\n## Diagnose\n### one\n\`\`\`bash\n${code}\n\`\`\`\n## Mitigate\n### mend\n\`\`\`bash\ntrue\n\`\`\`\n### other\n\`\`\`bash\ntrue\n\`\`\`\n## Verify\n### ok\n\`\`\`bash\ntrue\n\`\`\`\n`

  test('takes words with spaces, quotes and line ends', async () => {
    const { events } = await runs.run(page('hb suggest mend "a  b" $\'c\\nd\' \'"e" $f\''))
    expect(tell(events)).toContain('one suggests mend: a  b c\nd "e" $f')
  })

  test('refuses a step that this page has not in Mitigate', async () => {
    const { events } = await runs.run(page('hb suggest ok why'))
    expect(tell(events)).toContain(
      'one stderr: hb: suggest: this page has no step ok in Mitigate (it has: mend other)\n',
    )
    expect(tell(events)).toContainEqual(
      expect.stringMatching(
        /^one failed at \d+:1: bash ended with exit code 2: hb: suggest: this page has no step ok in Mitigate \(it has: mend other\)$/,
      ),
    )
  })

  test('rule-out ends the step, also behind || true', async () => {
    const { events } = await runs.run(page('hb rule-out "not this" || true; echo on'))
    expect(tell(events)).toContain('one ruled-out: not this')
  })

  test.each([
    ['exit 4', '1:1: bash ended with exit code 4: exit 4'],
    ['if true; then\n  exit 7\nfi', '2:1: bash ended with exit code 7: exit 7'],
    ['test -e /nowhere && echo yes', '1:1: bash ended with exit code 1: test -e /nowhere'],
    ["sh -c 'kill -PIPE $$'", "1:1: bash ended with exit code 141 (SIGPIPE): sh -c 'kill -PIPE $$'"],
    ['( exit 5 ) || exit 6', '1:1: bash ended with exit code 6: exit 6'],
    ['f() { [ "$1" = 7 ]; }\nf 8 || exit', '2:1: bash ended with exit code 1: exit'],
    ['exit 3\nexit 3', 'bash ended with exit code 3: exit 3'],
  ])('names the command that ended it, also without a word on stderr: %s', async (code, said) => {
    const { events } = await runs.run(`## Checks\n### one\n\`\`\`bash\n${code}\n\`\`\`\n`)
    const { error } = events.find(event => event.type === 'step.finished') ?? {}
    const place = error?.line === undefined ? '' : `${error.line - 3}:${error.column}: `
    expect(`${place}${error?.message}`).toBe(said)
  })

  test('names the configured command of a service that failed', async () => {
    const environment = { services: { api: { status: 'sh -c "exit 3"' } } }
    const bash = await runs.run(page('hb service api status'), { environment })
    expect(bash.events.find(event => event.type === 'step.finished')?.error?.message).toBe(
      'bash ended with exit code 3: hb: service: status of api ended with exit code 3: sh -c "exit 3"',
    )
    const code = '## Checks\n### one\n```ts\nawait service("api", "status")\n```\n'
    const ts = await runs.run(code, { environment })
    expect(ts.events.find(event => event.type === 'step.finished')?.error?.message).toBe(
      'Error: status of api ended with exit code 3: sh -c "exit 3"',
    )
  })

  test.each(['rule-out "not this"', 'skip "not now"'])('%s keeps what was handed on', async words => {
    const { events } = await runs.run(page(`echo percent=12 >> "$STEP_OUTPUT"\nhb ${words}`))
    const [verb = '', why] = words.split(' "')
    const status = verb === 'skip' ? 'skipped' : 'ruled-out'
    expect(events.find(event => event.type === 'step.finished')).toMatchObject({
      status,
      reason: why?.slice(0, -1),
      value: { percent: '12' },
    })
    const broken = await runs.run(page(`echo percent >> "$STEP_OUTPUT"\nhb ${words}`))
    expect(broken.events.find(event => event.type === 'step.finished')).toMatchObject({
      status: 'failed',
      error: { message: 'line 1 of $STEP_OUTPUT is neither KEY=VALUE nor KEY<<END: percent' },
    })
  })

  test('keeps evidence', async () => {
    const { events, folder } = await runs.run(page('echo log > log.txt; hb evidence "the log/file" log.txt'))
    expect(tell(events)).toContain('one evidence {"name":"the log/file","file":"evidence/one/the-log-file"}')
    expect(readdirSync(`${folder}/evidence/one`)).toEqual(['the-log-file'])
  })

  test.each(['', 'bogus', 'suggest mend', 'rule-out', 'evidence x', 'service api'])(
    'hb %s is wrong usage',
    async words => {
      expect((await runOne(`hb ${words}`)).at(-1)).toBe(
        `one failed at 4:1: bash ended with exit code 2: hb: cannot be called as: hb ${words}`.trim(),
      )
    },
  )
})

test('values are handed over as key=value lines', async () => {
  const code = 'echo percent=97 >> "$STEP_OUTPUT"; echo "note=a = b " >> "$STEP_OUTPUT"'
  expect(await runOne(code)).toEqual(['one passed {"percent":"97","note":"a = b "}'])
})

test('nothing is left beside the page or in the folder for temporary files', async () => {
  const before = readdirSync(runs.root)
  await runOne('true')
  expect(readdirSync(runs.root).filter(name => !before.includes(name) && !name.startsWith('scratch-'))).toEqual([])
})

test('a folder that is gone is a failed step', async () => {
  expect(await runOne('true', { cwd: '/nowhere' })).toEqual([
    'one stderr: bash could not be started: No such file or directory\n',
    'one failed: bash ended with exit code 127: bash could not be started: No such file or directory',
  ])
})
