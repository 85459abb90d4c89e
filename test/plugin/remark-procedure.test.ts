import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Root } from 'mdast'
import { toString as toText } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import { describe, expect, it } from 'vitest'
import { KnownProcedures, remarkProcedure, viewDiagram } from '../../src/plugin/index.ts'
import { parseProcedure, readTree } from '../../src/procedure/index.ts'
import { layHandbook, RUNBOOK } from './temporary-handbook.ts'

/** The tree of a page as Docusaurus hands it to us, without its front matter, after our plugin was at it. */
async function transform(text: string, path = 'runbooks/sample.md'): Promise<Root> {
  const root = await layHandbook({ [path]: text })
  const tree = readTree(text.replace(/^---\n.*?\n---\n/s, ''), path, () => {})
  const target = { storagePath: { description: 'The volume' } }
  await remarkProcedure({ root, target })(tree, { path: join(root, path) })
  return tree
}

interface Found {
  readonly name: string
  readonly view: Record<string, unknown>
  readonly text: string
}

function listElements(tree: Root): Found[] {
  const found: Found[] = []
  visit(tree, 'handbookElement', ({ data, ...node }) => {
    const { view } = data.hProperties
    if (view !== undefined) found.push({ name: data.hName, view: JSON.parse(view), text: toText(node) })
  })
  return found
}

describe('a runbook', async () => {
  it('begins with its card, then phases, steps and blocks in reading order', async () => {
    const names = listElements(await transform(RUNBOOK)).map(({ name }) => name.replace('handbook-', ''))
    const step = ['step', 'block']
    expect(names).toEqual([
      'card',
      ...['phase', ...step],
      ...['phase', ...step, ...step],
      ...['phase', ...step],
      ...['phase', ...step],
      'record',
    ])
  })

  it('numbers what runs, and leaves prose alone', async () => {
    const elements = listElements(await transform(RUNBOOK))
    expect(elements.flatMap(({ name, view }) => (name === 'handbook-step' ? [[view.number, view.id]] : []))).toEqual([
      ['1.1', 'usage'],
      ['2.1', 'shed'],
      ['2.2', 'purge'],
      ['3.1', 'it-has-room'],
      ['4.1', 'admit-uploads'],
    ])
    expect(elements[0]?.view.sections).toMatchObject([
      { id: 'meaning' },
      { id: 'impact' },
      { id: 'diagnose', number: 1 },
      { id: 'mitigate', number: 2 },
      { id: 'verify', number: 3 },
      { id: 'roll-back', number: 4 },
      { id: 'escalate' },
      { id: 'prevent' },
    ])
    expect(elements[0]?.view.sections).not.toHaveProperty('0.number')
  })

  it('links a measure with the step that takes it back, both ways', async () => {
    const steps = listElements(await transform(RUNBOOK)).filter(({ name }) => name === 'handbook-step')
    expect(steps[1]?.view).toMatchObject({ temporary: true, undoneBy: { id: 'admit-uploads', number: '4.1' } })
    expect(steps[4]?.view).toMatchObject({ undoes: { id: 'shed', number: '2.1', title: 'Refuse uploads' } })
    expect(steps[2]?.view).toMatchObject({ risk: 'danger', timeout: '2 min', irreversible: 'what is purged is gone' })
    expect(steps[3]?.view).toMatchObject({ risk: 'read', retries: 3, every: '1 s' })
  })

  it('says what copying gives: a guarded subshell where the block can run alone, or else the command', async () => {
    const blocks = listElements(await transform(RUNBOOK)).filter(({ name }) => name === 'handbook-block')
    expect(blocks[0]?.view).toMatchObject({
      language: 'ts',
      shell: false,
      copies: 'npx handbook run sample --step usage',
    })
    expect(blocks[0]?.view.folded).toBeGreaterThan(0)
    expect(blocks[1]?.view.copies).toMatch(/^\( set -euo pipefail\n.*STALE_AFTER:-24h.*\n\)$/s)
    expect(blocks[1]?.view).not.toHaveProperty('folded')
    // It needs a fact of the target and what another step gave.
    expect(blocks[2]?.view).toMatchObject({ shell: false, copies: 'npx handbook run sample --step purge' })
  })

  it('folds the blocks that only read, and those of no other step, on a guide as on a runbook', async () => {
    const guide =
      '# Guide\n\n## Procedure\n\n### Look\n\n```bash risk=read\nls\nls\n```\n\n### Do\n\n```bash\nls\n```\n'
    const view = async (page: string) => listElements(await transform(page, 'docs/guide.md')).map(({ view }) => view)
    const [card, ...parts] = await view(guide)
    expect(card).toMatchObject({ folds: true })
    expect(parts.filter(part => 'copies' in part).map(({ folded }) => folded)).toEqual([2, undefined])
    expect((await view(guide.replace(' risk=read', '')))[0]).toMatchObject({ folds: false })
  })

  it('says at the end of Diagnose which finding leads to which mitigation', async () => {
    const tree = await transform(RUNBOOK)
    const diagnose = tree.children.find(node => node.type === 'handbookElement' && /How full/.test(toText(node)))
    const last = diagnose?.type === 'handbookElement' ? diagnose.children.at(-1) : undefined
    expect(last).toMatchObject({ data: { hName: 'handbook-decisions' } })
    expect(toText(last)).toContain('1.1 How full is it?suggests 2.2 Purge: it is fullrules it out: it is empty')
  })

  it('gives each heading the id that the handbook knows, and takes the marks out of its text', async () => {
    const headings: [string, unknown][] = []
    visit(await transform(RUNBOOK), 'heading', node => {
      headings.push([toText(node), node.data?.hProperties?.id])
    })
    expect(headings).toContainEqual(['1.1 How full is it?', 'usage'])
    expect(headings).toContainEqual(['2.1 Refuse uploads', 'shed'])
    expect(headings).toContainEqual(['3.1 It has room', 'it-has-room'])
  })
})

describe('a diagram', () => {
  const SOURCE = 'flowchart LR\n  client([Customer]) -- "tus" --> api[API]\n  api --> db[(Rows)] & disk[(Bytes)]'
  const page = `# Parts\n\n\`\`\`mermaid\n${SOURCE}\n\`\`\`\n`

  it('is shown as it was drawn, with its arrows as sentences', async () => {
    const { light, dark } = viewDiagram(SOURCE)
    const root = await layHandbook({ 'docs/parts.md': page, [`static${light}`]: '<svg/>', [`static${dark}`]: '<svg/>' })
    const tree = readTree(page, 'docs/parts.md', () => {})
    await remarkProcedure({ root, target: {} })(tree, { path: join(root, 'docs/parts.md') })
    const [diagram] = listElements(tree)
    expect(diagram).toMatchObject({ name: 'handbook-diagram', view: { light, dark } })
    expect(diagram?.view.says).toBe('Diagram. Customer to API: tus. API to Rows and Bytes.')
  })

  it('that was not drawn, or has changed since, is an error with the command that draws it', async () => {
    await expect(transform(page, 'docs/parts.md')).rejects.toThrow(/docs\/parts\.md.*npm run diagrams/)
  })

  it('is drawn for every source in the handbook', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/draw-diagrams.mjs', '--check'])
    expect(String(stderr)).toBe('')
    expect(status).toBe(0)
  })
})

describe('a page that was read already', () => {
  const read = (known: KnownProcedures) => known.read(RUNBOOK, 'runbooks/sample.md')

  it('is not read again, unless it changed since', () => {
    const known = new KnownProcedures()
    const procedure = parseProcedure(RUNBOOK, 'runbooks/sample.md')
    known.learn([procedure])
    expect(read(known)).toBe(procedure)
    known.learn([parseProcedure(`${RUNBOOK}\nMore.\n`, 'runbooks/sample.md')])
    expect(read(known)).not.toBe(procedure)
    expect(read(known)).toEqual(procedure)
  })
})

describe('any page', () => {
  it('finds a block in a list, and takes no other fence for it', async () => {
    const text =
      '## Procedure\n\n### Do it\n\n```text\ntrue\n```\n\n1. So:\n\n   ```bash\n   true\n   ```\n\n```bash static\ntrue\n```\n'
    const tree = await transform(text, 'docs/guide.md')
    const block = listElements(tree).filter(({ name }) => name === 'handbook-block')
    expect(block).toHaveLength(1)
    visit(tree, 'handbookElement', (node, _, parent) => {
      if (node.data.hName === 'handbook-block') expect(parent?.type).toBe('listItem')
    })
  })

  it('keeps what a static fence shows outside of a block, even when it stands first and says the same', async () => {
    const text = '## Procedure\n\n### Do it\n\n```bash static\ntrue\n```\n\n```bash\ntrue\n```\n'
    const tree = await transform(text, 'docs/guide.md')
    visit(tree, 'code', (node, _, parent) => {
      expect(parent?.type === 'handbookElement' && parent.data.hName === 'handbook-block').toBe(node.meta !== 'static')
    })
  })

  it('that runs nothing keeps its tree, but for the ids', async () => {
    const tree = await transform('# Title\n\n## A heading <!-- #mine -->\n\n```bash\ntrue\n```\n', 'docs/plain.md')
    expect(listElements(tree)).toEqual([])
    expect(tree.children[1]?.data).toEqual({ hProperties: { id: 'mine' } })
  })

  it('in MDX keeps its imports at the top', async () => {
    const text = "import X from './x'\n\n## Procedure\n\n### Do it {/* #it */}\n\n<X />\n\n```bash\ntrue\n```\n"
    const tree = await transform(text, 'docs/guide.mdx')
    expect(tree.children.map(({ type }) => type)).toContain('mdxjsEsm')
    expect(listElements(tree).find(({ name }) => name === 'handbook-step')?.view.id).toBe('it')
  })

  it('shows its card below its title', async () => {
    const tree = await transform(
      '# Title\n\nWords.\n\n## Procedure\n\n### Do it\n\n```bash\ntrue\n```\n',
      'docs/guide.md',
    )
    expect(tree.children.map(({ type }) => type).slice(0, 3)).toEqual(['heading', 'handbookElement', 'paragraph'])
  })
})

describe('HTML comments', () => {
  it('hold no end of a JavaScript comment, which would break the site’s bundle', async () => {
    const page = '# A\n\n<!-- logs are in /var/*/x */ -->\n\nin <!-- a/*/b --> text\n\n<!-- never */ closed\n'
    const html: string[] = []
    visit(await transform(page), 'html', node => void html.push(node.value))
    expect(html).toEqual([
      '<!-- logs are in /var/* /x * / -->',
      '<!-- a/* /b -->',
      expect.stringMatching(/^<!-- never \* \/ closed\s*$/),
    ])
  })

  it('are all that is touched', async () => {
    const page = '<div title="a/*/b">\n\nx */ y\n\n</div>\n'
    const values: string[] = []
    visit(await transform(page), node => void ('value' in node && values.push(node.value)))
    expect(values).toEqual(['<div title="a/*/b">', 'x */ y', '</div>'])
  })
})
