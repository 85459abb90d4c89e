import { expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

const PASSWORD = 'h7Gk2mQx9'
const ADDRESS = `postgres://bridge:${PASSWORD}@db.internal/bridge`
const guide = (code: string) => `# Guide\n\n## Procedure\n\n### Do it\n\n\`\`\`bash\n${code}\n\`\`\`\n`

it('finds a credential at its place on the page where it stands, and does not repeat it', async () => {
  const root = await makeHandbook({
    'runbooks/example-1.md': guide('echo one'),
    'runbooks/example-2.md': guide(`psql "${ADDRESS}"`).replaceAll('\n', '\r\n'),
    'runbooks/example-3.md': guide(`echo three\n  psql ${ADDRESS}`),
  })
  const problems = (await checkFolder(root)).filter(({ rule }) => rule === 'no-secret')
  expect(problems.map(({ file, line, column, severity }) => [file, line, column, severity])).toEqual([
    ['runbooks/example-2.md', 8, 7, 'error'],
    ['runbooks/example-3.md', 9, 8, 'error'],
  ])
  expect(JSON.stringify(problems)).not.toContain(PASSWORD)
})

it('warns of one on a page that is no procedure', async () => {
  const root = await makeHandbook({ 'runbooks/example.md': `Connect with \`${ADDRESS}\`.\n` })
  expect(await checkFolder(root)).toEqual([
    expect.objectContaining({ rule: 'no-secret', severity: 'warning', line: 1 }),
  ])
})
