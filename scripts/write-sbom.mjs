// Writes which packages the programs of a release contain, beside them: they are bundles, and have no node_modules to look into.
import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** The name of the list, in the folder of a release. */
const NAME = 'sbom.cdx.json'

/** Writes a CycloneDX list, the same bytes each time, of what esbuild put into the programs of a folder. Returns its path. */
export async function writeSbom(folder, { outputs }, root = '.') {
  const components = new Map()
  for (const [path, { inputs }] of Object.entries(outputs)) {
    if (resolve(root, dirname(path)) !== resolve(folder) || !path.endsWith('.cjs')) continue
    for (const at of listPackages(inputs)) {
      const { name, version } = JSON.parse(await readFile(resolve(root, at, 'package.json'), 'utf8'))
      const purl = `pkg:npm/${name.replace(/^@/, '%40')}@${version}`
      const component = components.get(purl) ?? { type: 'library', name, version, purl, properties: [] }
      const value = basename(path, '.cjs')
      if (component.properties.every(property => property.value !== value))
        component.properties.push({ name: 'upload-bridge:program', value })
      components.set(purl, component)
    }
  }
  const sorted = [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1))
  for (const { properties } of sorted) properties.sort((a, b) => (a.value < b.value ? -1 : 1))
  const sbom = { bomFormat: 'CycloneDX', specVersion: '1.5', version: 1, components: sorted }
  const list = join(folder, NAME)
  await writeFile(list, `${JSON.stringify(sbom, null, 2)}\n`)
  return list
}

/** The folders of the packages of which something is in a bundle. */
function listPackages(inputs) {
  const used = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return new Set(used.flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []))
}
