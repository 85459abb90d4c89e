import { describe, expect, it } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'

/** What is said of a page with this block as the only step of a phase. */
function judge(language: string, code: string, phase = 'Verify'): readonly string[] {
  const text = `---\nalerts: [ExampleAlert]\n---\n\n## ${phase}\n\n### One\n\n\`\`\`${language}\n${code}\n\`\`\`\n`
  return parseProcedure(text, 'example.md').problems.map(({ rule, line }) => `${line} ${rule}`)
}

const idle: readonly (readonly [language: string, code: string])[] = [
  ['bash', ''],
  ['bash', '\n   \n\t'],
  ['bash', '# look at the queue'],
  ['bash', '\n  # one\n\n# two # three'],
  ['bash', ':'],
  ['bash', ': nothing to see'],
  ['bash', ':; : "a word"; :'],
  ['bash', ': && : || :'],
  ['bash', 'set -euo pipefail\n# later'],
  ['bash', 'shopt -s nullglob'],
  ['bash', 'declare -i count=0\nexport -n LANG'],
  ['bash', "x=1\nexport y='two'"],
  ['bash', ": <<'END'\ncurl http://localhost\nEND"],
  ['bash', ': <<END\ncurl it\nEND\n# so'],
  ['bash', 'if :; then\n  :\nfi'],
  ['bash', '{ :; }'],
  ['bash', 'f() {\n  false\n}'],
  ['bash', 'function f { false; }'],
  ['ts', ''],
  ['ts', '// TODO'],
  ['ts', '/* one\n two */ // three'],
  ['ts', ';;'],
  ['ts', '{}'],
  ['ts', "'use strict'"],
  ['ts', '0'],
  ['ts', 'return'],
  ['ts', 'return undefined // so'],
  ['ts', "type A = string\ntype B =\n  | 'a'\n  | { b: A }\ntype C<T> = T extends string ? A : B"],
  ['ts', 'type F = (a: string) => number'],
  ['ts', "interface A {\n  a: '}'\n}"],
  ['ts', 'declare const a: string'],
  ['ts', "import { readFile } from 'node:fs/promises'"],
  ['ts', "import type { Stats } from 'node:fs'\nimport 'node:fs'"],
  ['ts', "import {\n  a,\n  b,\n} from './x.ts'"],
  ['ts', 'const a = 1\nlet b: string'],
  ['ts', 'async function check() {\n  await $`false`\n}'],
  ['ts', 'enum A { B }'],
  ['ts', 'class A { go() { throw 1 } }'],
]

const busy: readonly (readonly [language: string, code: string])[] = [
  ['bash', 'true'],
  ['bash', 'exit 0'],
  ['bash', '# first\ncurl --fail "$TARGET_URL"'],
  ['bash', ': "${TARGET_URL:?}"'],
  ['bash', ': > /tmp/file'],
  ['bash', 'x=$(date)'],
  ['bash', '[ -d /tmp ]'],
  ['bash', 'f() {\n  false\n}\nf'],
  ['bash', '"#"'],
  ['bash', 'set'],
  ['bash', 'declare -p STEP_DISK_PERCENT'],
  ['bash', 'declare -F hb'],
  ['bash', 'shopt -q login_shell'],
  ['bash', 'shopt login_shell'],
  ['bash', 'if'],
  ['bash', 'if :; then'],
  ['bash', '{ :'],
  ['bash', ': <<END\n$(false)\nEND'],
  ['ts', 'return 1'],
  ['ts', 'return true'],
  ['ts', 'return { percent: 5 }'],
  ['ts', 'await $`true`'],
  ['ts', 'expect(1).toBe(1)'],
  ['ts', "// first\nsuggest('mend', 'so')"],
  ['ts', "import './check.ts'"],
  ['ts', "await import('./check.ts')"],
  ['ts', 'type A = string\nexpect(1).toBe(1)'],
  ['ts', "type A =\n  | 'a'\nthrow new Error()"],
  ['ts', 'function f() { throw 1 }\nf()'],
  ['ts', 'class A { static { throw 1 } }'],
  ['ts', 'const a = steps.usage'],
  ['ts', "const a = '// ' + process.cwd()"],
  ['ts', 'if (params.a) throw 1'],
  ['ts', '`${await go()}`'],
]

describe('a step that does nothing cannot fail, so it is an error', () => {
  it.each(idle)('%s: %s', (language, code) => {
    expect(judge(language, code)).toEqual(['9 step-has-block'])
  })

  it.each(['Diagnose', 'Mitigate', 'Verify', 'Roll back'])('in %s', phase => {
    expect(judge('bash', '# nothing', phase)).toContain('9 step-has-block')
  })

  it('in checks of an assessment and steps of a guide', () => {
    const page = (head: string, phase: string) =>
      parseProcedure(`${head}## ${phase}\n\n### One\n\n\`\`\`ts\n// nothing\n\`\`\`\n`, 'a.md')
    for (const { problems } of [page('---\narea: log\n---\n', 'Checks'), page('', 'Procedure')])
      expect(problems).toMatchObject([{ rule: 'step-has-block', hint: expect.stringContaining('static') }])
  })

  it('and the script that belongs there is named', () => {
    expect(judge('ts file=scripts/procedures/a.ts', '')).toEqual(['9 step-has-block'])
  })
})

it.each(busy)('what does something passes: %s: %s', (language, code) => {
  expect(judge(language, code)).toEqual([])
})
