// The same Markdown in Docusaurus as it comes: what the site of the handbook is measured against.
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/** Lays a site of `docs`, `runbooks` and `static` of another folder, with preset-classic and nothing of ours. */
export async function layPlainSite(root, from = '.') {
  await mkdir(root, { recursive: true })
  for (const part of ['docs', 'runbooks', 'static']) await cp(join(from, part), join(root, part), { recursive: true })
  await removeComponents(join(root, 'docs'))
  await writeFile(join(root, 'package.json'), '{ "name": "plain", "private": true }\n')
  await writeFile(join(root, 'docusaurus.config.js'), CONFIG)
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
}

/** A page in MDX keeps its Markdown; components of ours are not there. */
async function removeComponents(docs) {
  const files = await readdir(docs, { recursive: true })
  for (const file of files.filter(name => name.endsWith('.mdx'))) {
    const text = await readFile(join(docs, file), 'utf8')
    await writeFile(join(docs, file), text.replaceAll(/^import .*|^<[A-Z]\w* \/>$/gm, ''))
  }
}

const CONFIG = `module.exports = {
  title: 'Plain',
  url: 'https://plain.example',
  baseUrl: '/',
  favicon: 'img/favicon.svg',
  future: { v4: true, faster: { rspackPersistentCache: false } },
  onBrokenLinks: 'warn',
  onBrokenAnchors: 'warn',
  onDuplicateRoutes: 'warn',
  markdown: {
    format: 'detect',
    hooks: { onBrokenMarkdownLinks: 'warn', onBrokenMarkdownImages: 'warn' },
  },
  plugins: [['@docusaurus/plugin-content-docs', { id: 'runbooks', path: 'runbooks', routeBasePath: 'runbooks' }]],
  presets: [['classic', { docs: {}, blog: false }]],
  themeConfig: {
    navbar: {
      title: 'Plain',
      logo: { alt: '', src: 'img/logo.svg' },
      items: [
        { to: '/docs/operations', label: 'Operations' },
        { to: '/docs/start-here', label: 'Start here' },
      ],
    },
    footer: { copyright: 'Plain' },
    prism: { additionalLanguages: ['bash', 'diff', 'json', 'promql'] },
  },
}
`
