import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ExecaError, execa, type Result } from 'execa'

const REPO = resolve(import.meta.dirname, '../..')
const PARTS =
  'docs runbooks scripts src static handbook.yaml docusaurus.config.ts sidebars.ts package.json tsconfig.json'.split(
    ' ',
  )

/** A copy of the whole site in a folder of its own, so that a build disturbs nobody's. */
export interface SiteCopy {
  readonly root: string
  /** Builds it as `npm run build` does. */
  build(): Promise<Result | ExecaError>
  /** Serves it, anew with each change, as `npm start` does. */
  start(port: number): ReturnType<typeof startSite>
  remove(): Promise<void>
}

/** Copies what the site is built from; the packages are shared. */
export async function laySite(): Promise<SiteCopy> {
  const root = await mkdtemp(join(tmpdir(), 'handbook-site-'))
  for (const part of PARTS) await cp(join(REPO, part), join(root, part), { recursive: true })
  await symlink(join(REPO, 'node_modules'), join(root, 'node_modules'))
  const docusaurus = join(root, 'node_modules/@docusaurus/core/bin/docusaurus.mjs')
  const isMeasured = process.env.COVERAGE_OF_PAGES !== undefined
  const args = [docusaurus, 'build', ...(isMeasured ? ['--no-minify'] : [])]
  const env = { NO_COLOR: '1', ...(isMeasured ? { SITE_MAPS: '1' } : {}) }
  return {
    root,
    build: () => execa(process.execPath, args, { cwd: root, reject: false, all: true, env }),
    start: port => startSite(root, docusaurus, port),
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** A development server, and all that it has said so far. */
function startSite(root: string, docusaurus: string, port: number) {
  const args = [docusaurus, 'start', '--no-open', '--host', '127.0.0.1', '--port', String(port)]
  // Not the tests' own: browserslist goes by it.
  const env = { NO_COLOR: '1', BROWSER: 'none', NODE_ENV: 'development' }
  const child = execa(process.execPath, args, { cwd: root, reject: false, all: true, env, stdin: 'ignore' })
  let said = ''
  child.all?.on('data', chunk => {
    said += String(chunk)
  })
  return {
    said: () => said,
    running: () => child.exitCode === null && child.signalCode === null,
    async stop() {
      child.kill('SIGTERM', undefined)
      await child
    },
  }
}
