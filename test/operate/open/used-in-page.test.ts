import { expect, test } from 'vitest'
import { findUsed } from '../../../src/operate/open/used-in-page.ts'
import { parseProcedure } from '../../../src/procedure/index.ts'

function read(language: string, code: string) {
  const page = `# P\n\n## Procedure\n\n### One\n\n\`\`\`${language}\n${code}\n\`\`\`\n`
  return findUsed(parseProcedure(page, 'p.md'), ['url', 'apiPort', 'port'])
}

test.each([
  ['bash', 'echo "$TARGET_API_PORT"', ['apiPort']],
  ['bash', 'echo "${TARGET_PORT:-1}"', ['port']],
  ['bash', 'echo "$TARGET_PORTS"', []],
  ['ts', 'console.log(target.url)', ['url']],
  ['ts', "console.log(target['apiPort'], 1)", ['apiPort']],
  ['ts', 'const { port, ...rest } = target', ['port']],
  ['ts', 'console.log(JSON.stringify(target))', ['url', 'apiPort', 'port']],
  ['ts', 'const url = 1', []],
])('%s: %s uses the facts %j', (language, code, facts) => {
  expect(read(language, code).facts).toEqual(facts)
})

test.each([
  ['curl x | jq .', ['curl', 'jq']],
  ['if ! grep -q x f; then exit 1; fi', ['exit', 'grep']],
  ['A=1 B=$(date) make', ['date', 'make']],
  ['f() { sort; }\nf', ['sort']],
  ['command -v zstd && zstd x', ['command']],
  ['"$TOOL" x; ./own.sh; -x', ['./own.sh']],
  ['cat <<E\nnot this\nE', ['cat']],
  ['hb skip "enough"', []],
])('%s calls %j', (code, commands) => {
  expect(read('bash', code).commands).toEqual(commands)
})
