import { describe, expect, it } from 'vitest'
import { embedScripts } from '../../src/lint/index.ts'

const SCRIPTS: Readonly<Record<string, string>> = {
  'scripts/a.ts': 'const a = 1\n\nif (a) {\n  echo(a)\n}\n',
  'scripts/b.sh': 'echo b\n',
}
const embed = (text: string) => embedScripts(text, 'page.md', async path => SCRIPTS[path])

describe('scripts are written into the fences that show them', () => {
  it('in full, whatever stood there', async () => {
    const before =
      '## Procedure\n\n### A\n\n```ts file=scripts/a.ts timeout=2m\nold\n```\n\nText.\n\n### B\n\n```bash file=scripts/b.sh\n```\n'
    const after =
      '## Procedure\n\n### A\n\n```ts file=scripts/a.ts timeout=2m\nconst a = 1\n\nif (a) {\n  echo(a)\n}\n```\n\nText.\n\n### B\n\n```bash file=scripts/b.sh\necho b\n```\n'
    expect(await embed(before)).toBe(after)
    expect(await embed(after)).toBe(after)
  })

  it('in lists and quotes', async () => {
    const before = '## Procedure\n\n### A\n\n- > ```ts file=scripts/a.ts\n  > old\n  > ```\n'
    const after =
      '## Procedure\n\n### A\n\n- > ```ts file=scripts/a.ts\n  > const a = 1\n  >\n  > if (a) {\n  >   echo(a)\n  > }\n  > ```\n'
    expect(await embed(before)).toBe(after)
    expect(await embed(after)).toBe(after)
  })

  it('with the page’s line endings', async () => {
    const before = '## Procedure\r\n\r\n### B\r\n\r\n```bash file=scripts/b.sh\r\n```\r\n'
    expect(await embed(before)).toBe(before.replace('b.sh\r\n', 'b.sh\r\necho b\r\n'))
  })

  it('and nothing else is touched', async () => {
    const text = '## Procedure\n\n### A\n\n```bash file=scripts/missing.sh\nold\n```\n\n### B\n\n```bash\necho\n```\r\n'
    expect(await embed(text)).toBe(text)
  })
})
