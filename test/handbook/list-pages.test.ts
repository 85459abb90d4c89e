import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bareHandbook, findPassedOver } from '../../src/handbook/index.ts'

async function list(files: readonly string[], links: Readonly<Record<string, string>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'handbook-pages-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const path of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '# Page\n')
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path))
  const handbook = await bareHandbook(root, { pages: ['docs'] })
  const passed = await findPassedOver(handbook)
  expect(passed.every(({ severity, hint }) => severity === 'warning' && hint)).toBe(true)
  return {
    pages: handbook.pages,
    passed: passed.map(({ file, message }) => `${file}: ${message.replace(/^.*?: /, '')}`).sort(),
  }
}

it('what looks like a page and is none is told of', async () => {
  const files = [
    'docs/a.md',
    'docs/B.MD',
    'docs/c.markdown',
    'docs/_d.md',
    'docs/_e/f.mdx',
    'docs/g/h.Mdx',
    'docs/i.txt',
  ]
  expect(await list(files)).toEqual({
    pages: ['docs/a.md'],
    passed: [
      'docs/B.MD: its name ends in .MD',
      'docs/_d.md: Docusaurus leaves out names that begin with _',
      'docs/_e/f.mdx: Docusaurus leaves out names that begin with _',
      'docs/c.markdown: its name ends in .markdown',
      'docs/g/h.Mdx: its name ends in .Mdx',
    ],
  })
})

it('links to files and folders are followed as Docusaurus follows them, each folder once', async () => {
  const links = {
    'docs/file.md': '../elsewhere/a.md',
    'docs/folder': '../elsewhere',
    'docs/loop': '.',
    'docs/again': 'real',
    'docs/nowhere.md': '../gone.md',
    'docs/gone': '../gone',
    'elsewhere/up': '../docs',
  }
  expect(await list(['elsewhere/a.md', 'docs/real/b.md'], links)).toEqual({
    pages: ['docs/file.md', 'docs/folder/a.md', 'docs/real/b.md'],
    passed: [
      'docs/again: it is a link to a folder that is read already',
      'docs/folder/up: it is a link to a folder that is read already',
      'docs/gone: it is a link that leads nowhere',
      'docs/loop: it is a link to a folder that is read already',
      'docs/nowhere.md: it is a link that leads nowhere',
    ],
  })
})
