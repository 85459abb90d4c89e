import { expect, test } from 'vitest'
import { findDrift, readTranscript } from './read-transcript.ts'

const PAGE = `Prose.

\`\`\`console
$ handbook run deploy
Deploy
…
PASSED after 1 min
$ handbook lab down
\`\`\`

\`\`\`bash
$ no transcript
\`\`\`
`

test('reads what was typed, and what was printed', () => {
  expect(readTranscript(PAGE)).toEqual([
    { command: 'handbook run deploy', shown: ['Deploy', '…', 'PASSED after 1 min'] },
    { command: 'handbook lab down', shown: [] },
  ])
})

test('ids, times, numbers and folders may differ', () => {
  const shown = [
    'lab · run 20261130-194712-ppcv · root@vm',
    '  npx handbook runs approve 20261130-194712-ppcv revoke --key /tmp/a/.handbook/lab/data/second-person',
    '  │ 4278 uploads, 30348008 bytes, as of 2026-11-30T19:49:37.359Z, were back after 73.121 s',
    '  │ upload-bridge-restored-q8rbW8, d570d30b9f2771bb9db895ae7ff38115',
    '…',
    'PASSED after 4 min 6 s',
  ]
  const output = `${[
    'lab · run 20270101-000000-a1b2 · ann@host-1',
    '  dist/bin/handbook runs approve 20270101-000000-a1b2 revoke --key /b/.handbook/lab/data/second-person',
    '  │ 12 uploads, 9 bytes, as of 2027-01-01T00:00:00.000Z, were back after 2 s',
    '  │ upload-bridge-restored-aaaaaa, 00000000000000000000000000000000',
    'another line',
    'PASSED after 33 s',
  ].join('\n')}\n`
  expect(findDrift(shown, output)).toBeUndefined()
})

test.each([
  ['another word', ['PASSED after 1 s'], 'FAILED after 1 s'],
  ['another order', ['one', 'two'], 'two\none'],
  ['a line that is not printed any more', ['one', 'two'], 'one'],
  ['a line that is printed once and shown twice', ['one', 'one'], 'one'],
])('names the line at which it drifts: %s', (_, shown, output) => {
  expect(findDrift(shown, output)).toBe(shown.at(-1))
})
