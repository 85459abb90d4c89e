import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { HandbookFile } from '../../environments/index.ts'
import type { Verbs } from '../../procedure/index.ts'
import { listSecrets } from '../shell/variables.ts'
import { describeUnion } from './block-module.ts'

/** Every verb but `suggest`, which each page types for itself. */
const VERBS: Readonly<Record<Exclude<keyof Verbs, 'suggest'>, true>> = {
  expect: true,
  ruleOut: true,
  skip: true,
  evidence: true,
  waitFor: true,
  assertHost: true,
  service: true,
  silence: true,
  prom: true,
  http: true,
  secret: true,
}

/** The type of a step's value under the name by which blocks refer to it. */
export function describeValue(block: string): string {
  return `Handbook$Value<typeof ${block}>`
}

/** The declarations that all blocks of a handbook share: zx's globals, Node's, `target` and the verbs. */
export function writeSharedScope(file: HandbookFile, tool: ToolFiles): string {
  const facts = Object.entries(file.target).map(([name, { type, description }]) => {
    return `/** ${description.replaceAll('*/', '')} */ readonly ${JSON.stringify(name)}: ${type};`
  })
  const secrets = listSecrets(file)
  const names = (entries: ReturnType<typeof listSecrets>) => describeUnion([...new Set(entries.map(([name]) => name))])
  const verbs = `import(${JSON.stringify(tool.scope)}).Verbs<string, ${describeUnion(file.services)}, ${names(secrets)}>`
  return `/// <reference path=${JSON.stringify(tool.nodeTypes)} />
/// <reference path=${JSON.stringify(tool.zxGlobals)} />
interface Target { ${facts.join(' ')} }
declare const target: Target;
type Handbook$Verbs = ${verbs};
${Object.keys(VERBS)
  .map(verb => `declare const ${verb}: Handbook$Verbs['${verb}'];`)
  .join('\n')}
type Handbook$ReadService =
  (name: Parameters<Handbook$Verbs['service']>[0], action: 'status' | 'logs') => ReturnType<Handbook$Verbs['service']>;
type Handbook$ReadSecret = (name: ${names(secrets.filter(([, source]) => source.for === 'read'))}) => string;
type Handbook$Value<Block> =
  Block extends (...scope: never) => () => Promise<infer T> ? Exclude<Handbook$Stored<T>, undefined | void> : never;
/** A value as bash sees it: one that has no keys has the key \`value\`. */
type Handbook$Keyed<T> = [T] extends [never] ? {} : T extends string | number | boolean ? { value: T } : T;
/** A value as it is handed on: what JSON cannot hold ends the step that gives it. */
type Handbook$Stored<T> =
  0 extends 1 & T ? T
  : T extends string | number | boolean | null | undefined | void ? T
  : T extends bigint | symbol | Date | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> | Error ? never
  : T extends (...parameters: never) => unknown ? never
  : T extends readonly unknown[] ? { [K in keyof T]: Handbook$Stored<T[K]> }
  : T extends object ? { [K in keyof T as T[K] extends (...parameters: never) => unknown ? never : K]: Handbook$Stored<T[K]> }
  : T;
`
}

/** Absolute paths of the declarations for blocks. They belong to this tool, not to the handbook. */
interface ToolFiles {
  readonly scope: string
  readonly zxGlobals: string
  readonly nodeTypes: string
}

/** Finds the declarations, wherever the bundle is. Throws when the tool is installed without them. */
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
