import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Absolute paths of the declarations that blocks are checked against; they lie with this tool, not with the handbook. */
export interface ToolFiles {
  readonly scope: string
  readonly zxGlobals: string
  readonly nodeTypes: string
}

/** Finds the declarations from wherever this code was bundled to. Throws when the tool is installed without them. */
export function findToolFiles(): ToolFiles {
  const { resolve } = createRequire(__filename)
  return {
    scope: findAbove(__dirname, 'src/procedure/scope.ts'),
    zxGlobals: join(dirname(resolve('zx/package.json')), 'build/globals.d.ts'),
    nodeTypes: join(dirname(resolve('@types/node/package.json')), 'index.d.ts'),
  }
}

function findAbove(folder: string, path: string): string {
  const file = join(folder, path)
  if (existsSync(file)) return file
  const above = dirname(folder)
  if (above === folder) throw new Error(`${path} is missing from this installation`)
  return findAbove(above, path)
}
