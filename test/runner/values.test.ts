import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { type RunOptions, tell } from './run-page.ts'

const runs = provideRuns()

const PARAMS = `---
params:
  staleAfter: { type: duration, default: 24h }
  maxCount: { type: integer, default: 3 }
  who: {}
---
`

async function run(
  steps: readonly [id: string, language: string, code: string][],
  options: RunOptions = {},
  head = '',
) {
  const page = steps.map(([id, language, code]) => `### ${id} <!-- #${id} -->\n\`\`\`${language}\n${code}\n\`\`\`\n`)
  const { events } = await runs.run(`${head}## Checks\n${page.join('')}`, options)
  return tell(events).filter(line => !/ started$|^#|^=/.test(line))
}

test('parameters and the target’s facts are variables in bash and typed values in ts', async () => {
  const options: RunOptions = {
    params: { who: 'a "b" $c' },
    environment: { target: { url: 'http://x', maxSize: 5, isPrimary: true } },
  }
  expect(
    await run(
      [
        ['bash', 'bash', 'echo "$STALE_AFTER $MAX_COUNT $WHO $TARGET_URL $TARGET_MAX_SIZE $TARGET_IS_PRIMARY"'],
        ['ts', 'ts', 'return [params, target]'],
      ],
      options,
      PARAMS,
    ),
  ).toEqual([
    'bash stdout: 24h 3 a "b" $c http://x 5 true\n',
    'bash passed',
    'ts passed [{"staleAfter":"24h","maxCount":3,"who":"a \\"b\\" $c"},{"url":"http://x","maxSize":5,"isPrimary":true}]',
  ])
})

test('values of bash and ts steps reach later bash and ts steps', async () => {
  expect(
    await run([
      ['usage', 'bash', 'echo percent=97 >> "$STEP_OUTPUT"'],
      ['count-all', 'ts', 'return { files: 12, list: [1], deep: { a: null } }'],
      ['plain', 'ts', 'return "text"'],
      [
        'bash',
        'bash',
        'echo "$STEP_USAGE_PERCENT $STEP_COUNT_ALL_FILES $STEP_COUNT_ALL_LIST $STEP_COUNT_ALL_DEEP $STEP_PLAIN_VALUE"',
      ],
      ['ts', 'ts', 'return [steps.usage.percent, steps["count-all"].files, steps.plain]'],
    ]),
  ).toEqual([
    'usage passed {"percent":"97"}',
    'count-all passed {"files":12,"list":[1],"deep":{"a":null}}',
    'plain passed "text"',
    'bash stdout: 97 12 [1] {"a":null} text\n',
    'bash passed',
    'ts passed ["97",12,"text"]',
  ])
})

describe('a bash step that reads a value that is not there', () => {
  test.each([
    ['bare', 'echo ran; echo "$STEP_BROKEN_X"'],
    ['in braces', 'echo ran; echo "${STEP_BROKEN_X}"'],
    ['its length', 'echo ran; echo "${#STEP_BROKEN_X}"'],
    ['cut', 'echo ran; echo "${STEP_BROKEN_X%.*}"'],
  ])('%s, is blocked before anything runs', async (_, code) => {
    expect(
      (
        await run([
          ['broken', 'bash', 'false'],
          ['reader', 'bash', code],
        ])
      ).slice(1),
    ).toEqual(['reader blocked: the step broken gave no value'])
  })

  test('by arithmetic, is blocked when it gets there', async () => {
    expect(
      (
        await run([
          ['broken', 'bash', 'false'],
          ['reader', 'bash', 'echo ran\n(( STEP_BROKEN_X > 3 ))'],
        ])
      ).slice(1),
    ).toEqual([
      'reader stdout: ran\n',
      'reader stderr: page.md: line 9: STEP_BROKEN_X: unbound variable\n',
      'reader blocked: the step broken gave no value',
    ])
  })

  test.each([
    ['with a default', 'echo "${STEP_BROKEN_X:-none} ${STEP_BROKEN_Y-none} ${STEP_BROKEN_Z:+some}"', 'none none \n'],
    ['in a comment', 'echo a # $STEP_BROKEN_X', 'a\n'],
    ['in single quotes', "echo '$STEP_BROKEN_X'", '$STEP_BROKEN_X\n'],
    ['in a quoted heredoc', "cat <<'E'\nit's $1\nE\n", "it's $1\n"],
  ])('%s, runs', async (_, code, said) => {
    expect(
      (
        await run([
          ['broken', 'bash', 'false'],
          ['reader', 'bash', code],
        ])
      ).slice(1),
    ).toEqual([`reader stdout: ${said}`, 'reader passed'])
  })

  test('does not take one step’s name for another’s', async () => {
    expect(
      await run([
        ['usage', 'bash', 'false'],
        ['usage-after', 'bash', 'echo percent=3 >> "$STEP_OUTPUT"'],
        ['reader', 'bash', 'echo $STEP_USAGE_AFTER_PERCENT'],
      ]),
    ).toEqual(expect.arrayContaining(['reader stdout: 3\n', 'reader passed']))
  })

  test('that gave other values, fails as bash does', async () => {
    expect(
      (
        await run([
          ['a', 'ts', 'return { x: 1 }'],
          ['reader', 'bash', 'echo $STEP_A_Y'],
        ])
      ).slice(1),
    ).toEqual([
      'reader stderr: page.md: line 8: STEP_A_Y: unbound variable\n',
      'reader failed at 8:1: bash ended with exit code 1: STEP_A_Y: unbound variable',
    ])
  })
})

describe('a value of many characters', () => {
  test('reaches ts whole, and bash unless it is longer than a variable can be', async () => {
    const said = await run([
      ['big', 'ts', 'return { huge: "x".repeat(3e6), large: "y".repeat(100_000), small: 1 }'],
      ['ts', 'ts', 'return steps.big.huge.length'],
      ['unread', 'bash', 'echo "$STEP_BIG_SMALL ${#STEP_BIG_LARGE}"'],
      ['reader', 'bash', 'echo "$STEP_BIG_HUGE" | wc -c'],
    ])
    expect(said.slice(1)).toEqual([
      'ts passed 3000000',
      'unread stdout: 1 100000\n',
      'unread passed',
      'reader blocked: $STEP_BIG_HUGE has 3000000 characters: too long for a variable. Hand it over as a file',
    ])
  })

  test('of which there are too many together fails the step, not the run', async () => {
    const values = Array.from({ length: 40 }, (_, index) => `v${index}: "x".repeat(110_000)`).join(', ')
    const said = await run([
      ['big', 'ts', `return { ${values} }`],
      ['reader', 'bash', 'true'],
      ['after', 'ts', 'return 1'],
    ])
    expect(said.slice(2)).toEqual([
      'reader failed: bash ended with exit code 127: bash could not be started: Argument list too long',
      'after passed 1',
    ])
  })
})

test('nobody’s ~/.bashrc is read', async () => {
  const { writeFileSync } = await import('node:fs')
  writeFileSync(`${runs.root}/.bashrc`, 'echo from bashrc; alias ls=false\n')
  expect(
    await run([
      ['a', 'ts', 'return (await $`echo hi`).stdout'],
      ['b', 'bash', 'echo hi'],
    ]),
  ).toEqual(['a stderr: $ echo hi\n', 'a stdout: hi\n', 'a passed "hi\\n"', 'b stdout: hi\n', 'b passed'])
})

test('a step’s programs come from the environment’s path first, and its variables are there', async () => {
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const folder = `${runs.root}/tools`
  mkdirSync(folder)
  writeFileSync(`${folder}/date`, '#!/bin/sh\necho my date $ZONE\n', { mode: 0o755 })
  const options: RunOptions = { environment: { path: [folder], variables: { ZONE: 'here' } } }
  expect(
    await run(
      [
        ['a', 'bash', 'date'],
        ['b', 'ts', 'return (await $`date`).stdout'],
      ],
      options,
    ),
  ).toEqual([
    'a stdout: my date here\n',
    'a passed',
    'b stderr: $ date\n',
    'b stdout: my date here\n',
    'b passed "my date here\\n"',
  ])
})

describe('two values with one name in bash fail the step that gives the second, which names both', () => {
  test.each<[string, [string, string, string][], string]>([
    [
      'of two steps',
      [
        ['disk', 'ts', 'return { used_percent: 1 }'],
        ['disk-used', 'bash', 'echo percent=2 >> "$STEP_OUTPUT"'],
      ],
      'disk-used failed: percent of disk-used and used_percent of disk have one name in bash: STEP_DISK_USED_PERCENT',
    ],
    [
      'of two steps, the longer name first',
      [
        ['disk-used', 'ts', 'return { percent: 1 }'],
        ['disk', 'ts', 'return { "used percent": 1 }'],
      ],
      'disk failed: used percent of disk and percent of disk-used have one name in bash: STEP_DISK_USED_PERCENT',
    ],
    [
      'of one step',
      [['disk', 'ts', 'return { "a-b": 1, a_b: 2 }']],
      'disk failed: a_b of disk and a-b of disk have one name in bash: STEP_DISK_A_B',
    ],
    [
      'in other case',
      [['disk', 'ts', 'return { freeBytes: 1, FREE_BYTES: 2 }']],
      'disk failed: FREE_BYTES of disk and freeBytes of disk have one name in bash: STEP_DISK_FREE_BYTES',
    ],
    [
      'one that is a whole value',
      [
        ['disk', 'ts', 'return 5'],
        ['disk-value', 'ts', 'return {}'],
        ['other', 'ts', 'return { "": 1 }'],
      ],
      'other failed: an empty key of other has no name in bash',
    ],
  ])('%s', async (_, steps, failure) => {
    expect((await run(steps)).at(-1)).toBe(failure)
  })

  test('and names in other letters are told apart', async () => {
    expect(
      await run([
        ['größe', 'ts', 'return { ä: 1, ö: 2, "/": 3, "/a": 4 }'],
        ['gräße', 'ts', 'return { ä: 5 }'],
        [
          'reader',
          'bash',
          'echo "$STEP_GR_UF6_UDF_E_UE4 $STEP_GR_UF6_UDF_E_UF6 $STEP_GR_UF6_UDF_E_U2F $STEP_GR_UF6_UDF_E__A $STEP_GR_UE4_UDF_E_UE4"',
        ],
      ]),
    ).toContain('reader stdout: 1 2 3 4 5\n')
  })
})
