import { expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

const guide = (meta: string, code: string) => `# Example

## Procedure

### Quiet <!-- #quiet -->

\`\`\`${meta}
${code}
\`\`\`

### Loud

\`\`\`bash undoes=quiet
true
\`\`\`
`

it.each([
  ['bash temporary', 'hb silence --alert ExampleAlert --for 10m why', '8:1', /does not say for how long/],
  [
    'bash temporary silences=30m',
    'hb silence --alert ExampleAlert,Exampl --for 10m why',
    '8:33',
    /no alert|has an alert Exampl/,
  ],
  ['bash temporary silences=30m', 'hb silence --alert ExampleAlert --for 31m why', '8:1', /longer than 30 m/],
  ['bash silences=30m', 'hb silence --alert ExampleAlert --for 1m why', '7:1', /not temporary/],
  ['bash temporary silences=30m', 'hb silence --alert Exampl --for "$SPAN" why', '8:20', /has an alert Exampl/],
  [
    'ts temporary silences=30m',
    "await silence(['ExampleAlert', 'Nobody'], '1m', 'why')",
    '8:33',
    /has an alert Nobody/,
  ],
  ['ts temporary silences=30m', "await silence('ExampleAlert', '2h', 'why')", '8:7', /longer than 30 m/],
])('%s: %s', async (meta, code, place, message) => {
  const root = await makeHandbook({ 'runbooks/example.md': guide(meta, code) })
  const problems = (await checkFolder(root)).filter(({ rule }) => rule === 'silence-ends')
  expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual([place])
  expect(problems[0]?.message).toMatch(message)
})

it('leaves alone what is not written out, and what is no call', async () => {
  const code = 'hb silence --alert "$name" --for "$span" "why"\necho "hb silences nothing"'
  const root = await makeHandbook({
    'runbooks/example.md': guide('bash temporary silences=30m', `name=A span=1m\n${code}`),
  })
  expect((await checkFolder(root)).filter(({ rule }) => rule === 'silence-ends')).toEqual([])
})
