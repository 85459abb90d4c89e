import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkFolder } from './check-folder.ts'
import { makeHandbook } from './make-handbook.ts'

describe('a link to an address of the site', () => {
  const OTHER = {
    'src/pages/board.tsx': 'export default () => null\n',
    'static/rules.yaml': 'groups: []\n',
    'docs/incidents/security.md':
      '---\nid: security-incident\n---\n\n# Security\n\n## Call <!-- #call -->\n\n> ### Quoted\n',
    'docs/incidents/index.md': '# Incidents\n\n[beside](security-incident) [below](./security.md)\n',
    'docs/draft.md': '---\ndraft: true\n---\n\n# Draft\n',
    'docusaurus.config.ts': "export default { blog: false, plugins: [['notes', { routeBasePath: 'notes' }]] }\n",
  }
  const check = async (text: string, ending = 'md', more = {}) => {
    const root = await makeHandbook({ ...OTHER, [`docs/incidents/example.${ending}`]: `# Page\n\n${text}\n`, ...more })
    return (await checkFolder(root)).map(
      ({ line, column, rule, severity, message, hint }) =>
        `${line}:${column} ${severity} ${rule}: ${message} (${hint})`,
    )
  }

  it.each([
    '[page](/docs/incidents/security-incident) [slash](/docs/incidents/security-incident/?a=b)',
    '[anchor](/docs/incidents/security-incident#call) [quoted](/docs/incidents/security-incident#quoted) [end](/runbooks/another#)',
    '[folder](/docs/incidents) [relative](../incidents/security-incident) [beside](security-incident#call)',
    '[own page](/board#anything) [file](/rules.yaml) [made](/docs/tags/x) [of a plugin](/notes/1)',
    '<a href="/runbooks/another">HTML</a> <a href="https://example.com/x">web</a> <a name="x">here</a>',
  ])('is left alone: %s', async text => expect(await check(text)).toEqual([]))

  it.each([
    [
      '[page](/docs/incidents/security)',
      '3:1 error link-resolves: The site has no page /docs/incidents/security (Did you mean /docs/incidents/security-incident?)',
    ],
    [
      'A [page](/runbooks/anothr)',
      '3:3 error link-resolves: The site has no page /runbooks/anothr (Did you mean /runbooks/another?)',
    ],
    [
      '[moved](/docs/security-incident)',
      'no page /docs/security-incident (Did you mean /docs/incidents/security-incident?)',
    ],
    ['[relative](../security-incident)', 'The site has no page /docs/security-incident'],
    ['[of no plugin](/blog/1)', 'The site has no page /blog/1'],
    ['[no file](/rules.yml)', 'The site has no page /rules.yml'],
    ['[draft](/docs/draft)', 'The site has no page /docs/draft'],
    ['[by reference][x]\n\n[x]: /runbooks/nothing', '5:1 error link-resolves: The site has no page /runbooks/nothing'],
    [
      '[anchor](/docs/incidents/security-incident#cal)',
      'anchor-resolves: docs/incidents/security.md has no anchor #cal (Did you mean call?)',
    ],
    ['[by its title](./security.md#call-)', 'anchor-resolves: docs/incidents/security.md has no anchor #call-'],
    ['An <a href="/runbooks/anothr">element</a>', '3:4 error link-resolves: The site has no page /runbooks/anothr'],
    ['A file by <a href="security.md">HTML</a>', 'The site has no page /docs/incidents/security.md (Did you mean'],
  ])('is found: %s', async (text, message) => {
    expect(await check(text)).toEqual([expect.stringContaining(message)])
  })

  it('is found in an element of an .mdx page, and where the site is below a path', async () => {
    expect(await check('<Link to="/board">a</Link> <Link to="/bord">b</Link>', 'mdx')).toEqual([
      expect.stringContaining('The site has no page /bord'),
    ])
    const below = { 'handbook.yaml': 'title: Example\nurl: https://handbook.example/ops/\n' }
    expect(await check('[with it](/ops/runbooks/another) [without](/runbooks/another)', 'md', below)).toEqual([])
  })

  it('is left alone where there is no site, and in files that code hosts show', async () => {
    const root = await makeHandbook({ 'docs/example.md': '# Page\n\n[away](/wiki/page) [near](../page)\n' })
    rmSync(join(root, 'docusaurus.config.ts'))
    expect(await checkFolder(root)).toEqual([])
  })
})
