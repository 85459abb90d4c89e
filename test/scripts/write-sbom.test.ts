import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, it, onTestFinished } from 'vitest'
import { writeSbom } from '../../scripts/write-sbom.mjs'

it('lists every package of which something is in a program, and none of which nothing is', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sbom-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const write = async (path: string, text: string) => {
    await mkdir(join(root, path, '..'), { recursive: true })
    await writeFile(join(root, path), text)
  }
  await install('node_modules/inner', '1.0.0', 'module.exports = 1')
  await install('node_modules/@scope/outer', '2.0.0', "module.exports = require('inner')")
  await install('node_modules/@scope/outer/node_modules/inner', '3.0.0', 'module.exports = 3')
  await install('node_modules/unused', '4.0.0', 'export const unused = 4', { sideEffects: false })
  await write('api.js', "import { unused } from 'unused'\nconsole.log(require('inner'), require('@scope/outer'))")
  await write('worker.js', "console.log(require('inner'))")
  await write('other.js', "console.log(require('inner'))")
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { 'bridge/api': 'api.js', 'bridge/worker': 'worker.js', 'lab/other': 'other.js' },
    outdir: join(root, 'dist'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    metafile: true,
  })
  const folder = join(root, 'dist', 'bridge')
  const { components, ...head } = JSON.parse(await readFile(await writeSbom(folder, metafile, root), 'utf8'))
  expect(head).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 })
  const inProgram = (...programs: string[]) => programs.map(value => ({ name: 'upload-bridge:program', value }))
  expect(components).toEqual(
    [
      { name: '@scope/outer', version: '2.0.0', purl: 'pkg:npm/%40scope/outer@2.0.0', properties: inProgram('api') },
      { name: 'inner', version: '1.0.0', purl: 'pkg:npm/inner@1.0.0', properties: inProgram('api', 'worker') },
      { name: 'inner', version: '3.0.0', purl: 'pkg:npm/inner@3.0.0', properties: inProgram('api') },
    ].map(component => ({ type: 'library', ...component })),
  )

  async function install(path: string, version: string, code: string, more: object = {}): Promise<void> {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1]
    await write(`${path}/package.json`, JSON.stringify({ name, version, ...more }))
    await write(`${path}/index.js`, code)
  }
})
