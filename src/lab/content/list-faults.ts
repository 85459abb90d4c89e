import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Something that can be broken, as the sources of a lab name it. */
export interface ListedFault {
  readonly name: string
  /** What runbooks heal, what takes a property from the deployment, or what takes one from the repository. */
  readonly kind: 'incident' | 'mutation' | 'workspace-mutation'
  /** Relative to the root. */
  readonly path: string
  /** What the file at `path` exports it as. */
  readonly variable: string
}

const INCIDENTS = 'src/lab/incidents'
const MUTATIONS = [
  { folder: 'src/lab/mutations', kind: 'mutation' },
  { folder: 'src/lab/workspace/mutations', kind: 'workspace-mutation' },
] as const

/**
 * Everything that can be broken, read from the sources in `root` and not executed; nothing where there are none. An incident is a folder
 * named after its fault; a mutation is named after what a file of mutations exports: `plainLogs` is `plain-logs`.
 */
export function listFaults(root: string): ListedFault[] {
  return [
    ...list(join(root, INCIDENTS)).flatMap((name): ListedFault[] => {
      const path = `${INCIDENTS}/${name}/fault.ts`
      return existsSync(join(root, path)) ? [{ name, kind: 'incident', path, variable: toCamelCase(name) }] : []
    }),
    ...MUTATIONS.flatMap(({ folder, kind }) =>
      list(join(root, folder))
        .filter(file => file !== 'index.ts')
        .flatMap(file => {
          const path = `${folder}/${file}`
          return listExports(join(root, path)).map(variable => ({ name: toKebabCase(variable), kind, path, variable }))
        }),
    ),
  ]
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : []
}

function listExports(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name)
}

function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
