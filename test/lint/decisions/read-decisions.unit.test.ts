import { expect, test } from 'vitest'
import { readDecisions } from '../../../src/lint/index.ts'
import { parseProcedure } from '../../../src/procedure/index.ts'

const read = async (language: string, code: string) => {
  const page = `## Diagnose\n### Look <!-- #look -->\n\`\`\`${language}\n${code}\n\`\`\`\n`
  const [look] = await readDecisions(parseProcedure(page, 'runbooks/page.md'))
  return look
}

test('a bash block suggests, with the words of its reason that are known before it runs', async () => {
  const code = `if [ "$FREE" -ge 15 ]; then hb rule-out "$FREE % is free"; fi
why="only $FREE % is free"
case "$FREE" in
  1) hb suggest shed "$why; hurry" ;;
  *) hb suggest 'purge' "\${why}" and "$(date)" ;;
esac`
  expect(await read('bash', code)).toEqual({
    step: 'look',
    suggests: [
      { suggests: 'shed', why: 'only … % is free; hurry' },
      { suggests: 'purge', why: 'only … % is free and …' },
    ],
    rulesOut: ['… % is free'],
  })
})

test('what a bash block does not say as code is no suggestion', async () => {
  const code = `# hb suggest shed "in a comment"
echo 'hb suggest shed "in a text"'
for why in a b; do hb suggest "$STEP" "$why"; done
why=c; hb suggest shed "$why" "\${why:-none}"`
  const look = await read('bash', code)
  expect(look?.suggests).toEqual([
    { suggests: null, why: '…' },
    { suggests: 'shed', why: '… …' },
  ])
})

test('a ts block suggests, with the words of its reason that are known before it runs', async () => {
  const code = `const free: number = Number(steps.usage.free)
if (free >= 15) ruleOut(\`\${free} % is free\`)
const why = \`only \${free} % is free\`
// suggest('shed', 'in a comment')
console.log("suggest('shed', 'in a text')", /suggest\\('shed'/)
suggest(free < 3 ? 'shed' : 'purge', \`\${why}; hurry\`)
suggest('grow', why as string)
suggest(String(free), String(free))
return { free }`
  expect(await read('ts', code)).toEqual({
    step: 'look',
    suggests: [
      { suggests: 'shed', why: 'only … % is free; hurry' },
      { suggests: 'purge', why: 'only … % is free; hurry' },
      { suggests: 'grow', why: 'only … % is free' },
      { suggests: null, why: '…' },
    ],
    rulesOut: ['… % is free'],
  })
})

test('a block that cannot be read suggests nothing', async () => {
  expect(await read('ts', "suggest('shed', 'a'")).toEqual({ step: 'look', suggests: [], rulesOut: [] })
})

test('only Diagnose decides: what a later phase suggests leads nowhere', async () => {
  const page = '## Verify\n### Look\n```bash\nhb suggest shed "late"\n```\n'
  expect(await readDecisions(parseProcedure(page, 'runbooks/page.md'))).toEqual([])
})
