import { createRequire } from 'node:module'
import type { PluginOptions as DocsOptions } from '@docusaurus/plugin-content-docs'
import type { Options, ThemeConfig } from '@docusaurus/preset-classic'
import type { Config, PluginConfig } from '@docusaurus/types'
import { build } from 'esbuild'
import type * as LabContent from './src/lab/content/index.ts'
import type * as PluginRoom from './src/plugin/index.ts'

const root = __dirname

/** Colours of code are in code.css, for what React colours by itself is by day until the page's scripts run. */
const CODE = { plain: { color: 'var(--hb-code)', backgroundColor: 'var(--hb-code-ground)' }, styles: [] }

/** The parts of the handbook beside a runbook, as sidebars.ts has them beside a guide. */
const GUIDES: readonly (readonly [label: string, href: string])[] = [
  ['Start here', '/docs/start-here'],
  ['Run a procedure', '/docs/running'],
  ['The live handbook', '/docs/live'],
  ['Glossary', '/docs/glossary'],
  ['Operations', '/docs/operations/'],
  ['Incidents', '/docs/incidents/'],
  ['Deployment', '/docs/deployment/'],
  ['Monitoring', '/docs/monitoring'],
  ['Security', '/docs/security'],
  ['Configuration', '/docs/configuration'],
  ['What downstream must do', '/docs/downstream'],
  ['Backup and recovery', '/docs/recovery/'],
  ['Readiness', '/docs/readiness/'],
  ['Contributing', '/docs/contributing/'],
]

// React writes next to nothing that a page could do without: to look for it in every page took a second of each build.
process.env.SKIP_HTML_MINIFICATION ??= 'true'

/** The site of the handbook. Nothing on it is loaded from elsewhere: it is read when the rest of the world is down. */
export default async function createConfig(): Promise<Config> {
  const { findProgram, HandbookError, handbookPlugin, KnownProcedures, readSite, remarkProcedure } =
    await loadPluginRoom()
  const { title, tagline, url, baseUrl, ...facts } = await readSite(root)
  const { listFaults, readLabContent } = loadLabContent()
  const known = new KnownProcedures()
  const faults = listFaults(root)
  const cache = `${root}/.handbook/cache/lab-content.json`
  const options = {
    known,
    faults: faults.filter(({ kind }) => kind === 'incident').map(({ name }) => name),
    mutations: faults.map(({ name }) => name),
    readLab: () => readLabContent(root, { read: [`${root}/dist/lab-content.json`, cache], write: cache }),
    today: new Date().toISOString().slice(0, 10),
    promtool: findProgram(['promtool'], process.env.PATH) !== undefined,
    print: (text: string) => process.stderr.write(`\n${text}\n\n`),
    strict: !process.argv.includes('start'),
  }
  /** An author's mistake ends the build with its place and a hint, and not with Docusaurus' stack trace around it. */
  const checkedPlugin: PluginConfig = context =>
    handbookPlugin(context, options).catch(error => {
      if (!(error instanceof HandbookError)) throw error
      options.print(error.message)
      return process.exit(1)
    })
  const beforeDefaultRemarkPlugins: [typeof remarkProcedure, object][] = [[remarkProcedure, { root, known, ...facts }]]
  const runbooks = {
    id: 'runbooks',
    path: 'runbooks',
    routeBasePath: 'runbooks',
    beforeDefaultRemarkPlugins,
    sidebarItemsGenerator,
  }
  return {
    title,
    tagline,
    url,
    baseUrl,
    favicon: 'img/favicon.svg',
    // It would be a script in each page, for an address that readSite makes right.
    baseUrlIssueBanner: false,
    // The cache on disk does not notice when our own plugin or the handbook file changes, and would serve pages of before.
    // No page shows when it was last changed in Git: its whole history would be read for nothing.
    future: { v4: true, faster: { rspackPersistentCache: false }, experimental_vcs: false },
    onBrokenLinks: 'throw',
    onBrokenAnchors: 'throw',
    onDuplicateRoutes: 'throw',
    markdown: {
      format: 'detect',
      emoji: false,
      hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
    },
    plugins: [
      checkedPlugin,
      ...(process.env.SITE_MAPS ? [addSourceMaps] : []),
      [require.resolve('@docusaurus/plugin-content-docs'), runbooks],
    ],
    presets: [
      [
        'classic',
        {
          docs: { path: 'docs', routeBasePath: 'docs', sidebarPath: './sidebars.ts', beforeDefaultRemarkPlugins },
          blog: false,
          theme: { customCss: ['./src/css/site.css', './src/css/code.css', './src/css/checklist.css'] },
          sitemap: {},
        } satisfies Options,
      ],
    ],
    themeConfig: {
      image: 'img/social-card.png',
      colorMode: { respectPrefersColorScheme: true },
      navbar: {
        title,
        logo: { alt: '', src: 'img/logo.svg', srcDark: 'img/logo-dark.svg', width: 32, height: 32 },
        items: [
          { to: '/runbooks', label: 'Runbooks', position: 'left' },
          { to: '/docs/operations', label: 'Operations', position: 'left' },
          { to: '/docs/incidents', label: 'Incidents', position: 'left' },
          { to: '/docs/readiness', label: 'Readiness', position: 'left' },
          { to: '/docs/start-here', label: 'Start here', position: 'left' },
        ],
      },
      footer: {
        links: [
          { to: '/docs/operations/troubleshooting', label: 'Troubleshooting' },
          { to: '/docs/operations/errors', label: 'Error codes' },
          { to: '/docs/incidents/when-our-tools-are-down', label: 'When our tools are down' },
          { to: '/docs/contributing', label: 'Contributing' },
          { to: '/docs/contributing/decisions', label: 'Decisions' },
        ],
        copyright: `${title}. Apache-2.0.`,
      },
      prism: { theme: CODE, additionalLanguages: ['bash', 'diff', 'json', 'promql'] },
    } satisfies ThemeConfig,
  }
}

/** A runbook has the same list beside it as a guide: all parts of the handbook, and the runbooks unfolded. */
const sidebarItemsGenerator: DocsOptions['sidebarItemsGenerator'] = async ({
  defaultSidebarItemsGenerator,
  ...args
}) => [
  {
    type: 'category',
    label: 'Runbooks',
    // src/theme/DocVersionRoot has it lead there.
    customProps: { page: '/runbooks' },
    collapsed: false,
    collapsible: true,
    items: await defaultSidebarItemsGenerator(args),
  },
  ...GUIDES.map(([label, href]) => ({ type: 'link' as const, label, href })),
]

/** Has the build say which line of a source each of its own lines is from: for the coverage of the theme. */
const addSourceMaps: PluginConfig = () => ({
  name: 'source-maps',
  configureWebpack: () => ({ devtool: 'source-map' }),
})

/**
 * The plugin as one file, and what it runs in threads. Docusaurus itself would translate every module below it, the Markdown parser's
 * included, anew on each load: 8 s at first and most of a second ever after, where this takes 0.3 s, and a build, which loads this
 * configuration twice, needs it once.
 */
async function loadPluginRoom(): Promise<typeof PluginRoom> {
  const outdir = `${root}/.docusaurus`
  const require = createRequire(`${outdir}/`)
  const file = `${outdir}/handbook-plugin.cjs`
  if (require.cache[file] && !process.argv.includes('start')) return require(file)
  await build({
    entryPoints: {
      'handbook-plugin': `${root}/src/plugin/index.ts`,
      'lab-content': `${root}/src/lab/content/index.ts`,
      inspect: `${root}/src/lint/inspect.entry.ts`,
    },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // They carry programs or data of their own.
    external: ['esbuild', 'typescript', 'oxc-transform'],
    logLevel: 'warning',
  })
  delete require.cache[file]
  return require(file)
}

/** What the lab's sources say of themselves; it is bundled with the plugin. The lab itself is never loaded here. */
function loadLabContent(): typeof LabContent {
  const outdir = `${root}/.docusaurus`
  return createRequire(`${outdir}/`)(`${outdir}/lab-content.cjs`)
}
