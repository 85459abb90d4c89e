// Writes the lists of what can be broken, out of the folders that hold it: an incident is a folder with a `fault.ts`, and every function
// that a file of mutations exports makes a mutation. With `--check` it writes nothing, and fails when a list is not current.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const HEADER = '// Written by scripts/write-indexes.mjs: what is added to this folder is in it after npm run build:cli.'
/** What Biome takes for a line. */
const WIDTH = 120

/** Path -> what must stand there. */
const INDEXES = {
  'src/lab/incidents/index.ts': indexIncidents,
  'src/lab/mutations/index.ts': path =>
    indexMutations(path, 'mutations', {
      type: 'Fault',
      from: '../kit/fault.ts',
      summary: 'Each takes away a property of the deployment that a check of the readiness assessment guards.',
    }),
  'src/lab/workspace/mutations/index.ts': path =>
    indexMutations(path, 'workspaceMutations', {
      type: 'WorkspaceMutation',
      from: '../../../lab-port/index.ts',
      summary: 'Mutations of the repository itself, for checks of gates and of pages; they act on a copy.',
    }),
}

/** Brings the lists up to date, and returns the paths of those that were not. Throws for an incident without the export it must have. */
export function writeIndexes({ check = false } = {}) {
  const stale = Object.entries(INDEXES).filter(
    ([path, index]) => !existsSync(path) || readFileSync(path, 'utf8') !== index(path),
  )
  if (!check) for (const [path, index] of stale) writeFileSync(path, index(path))
  return stale.map(([path]) => path)
}

function indexIncidents(path) {
  const folder = join(path, '..')
  const names = readdirSync(folder).filter(name => existsSync(join(folder, name, 'fault.ts')))
  const incidents = names.sort().map(name => ({ name, variable: toCamelCase(name) }))
  for (const { name, variable } of incidents) {
    const file = join(folder, name, 'fault.ts')
    if (new RegExp(`^export const ${variable}\\b`, 'm').test(readFileSync(file, 'utf8'))) continue
    throw new Error(`${file} must export the fault ${name} as ${variable}: export const ${variable}: Fault = …`)
  }
  return `${HEADER}
import type { Fault } from '../kit/fault.ts'
${incidents.map(({ name, variable }) => `import { ${variable} } from './${name}/fault.ts'\n`).join('')}
/** The ways in which deployments really break, and which runbooks heal. */
${writeArray(
  'export const faults: readonly Fault[] = ',
  incidents.map(({ variable }) => variable),
)}
`
}

function indexMutations(path, variable, { type, from, summary }) {
  const files = readdirSync(join(path, '..')).filter(name => name !== 'index.ts')
  const areas = files.sort().map(name => ({ name, area: toCamelCase(name.replace(/\.ts$/, '')) }))
  return `${HEADER}
import type { ${type} } from '${from}'
${areas.map(({ name, area }) => `import * as ${area} from './${name}'\n`).join('')}
${writeArray(
  `const areas: readonly Readonly<Record<string, () => ${type}>>[] = `,
  areas.map(({ area }) => area),
)}

/** ${summary} */
${writeCall(`export const ${variable}: readonly ${type}[] = areas.flatMap(area =>`, 'Object.values(area).map(make => make())')}
`
}

function writeArray(begin, items) {
  const line = `${begin}[${items.join(', ')}]`
  return line.length <= WIDTH ? line : `${begin}[\n${items.map(item => `  ${item},\n`).join('')}]`
}

function writeCall(begin, result) {
  const line = `${begin} ${result})`
  return line.length <= WIDTH ? line : `${begin}\n  ${result},\n)`
}

function toCamelCase(name) {
  return name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check')
  const stale = writeIndexes({ check })
  for (const path of stale) console.log(check ? `${path} is not current: npm run build:cli writes it anew` : path)
  if (check && stale.length > 0) process.exitCode = 1
  else if (check) console.log('indexes: every one is current')
}
