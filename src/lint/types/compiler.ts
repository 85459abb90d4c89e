import { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { FileChangeSummary } from 'typescript/unstable/proto'
import type { API, Diagnostic, Project } from 'typescript/unstable/sync'
import { findFloating } from './floating-promises.ts'

/** An error of TypeScript, with its place in the file. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: number
  readonly message: string
}

/** A promise that nothing waits for, with its place in the file. */
export interface FloatingFinding extends Omit<Finding, 'code'> {
  readonly hint: string
}

/** The input of the compiler. The files need not exist on disk; paths are absolute. */
export interface Compilation {
  readonly files: ReadonlyMap<string, string>
  /** Declarations that all files share. */
  readonly shared: string
  readonly lookups: readonly Lookup[]
}

/** The question whether a TypeScript type has a key. */
export interface Lookup {
  readonly type: string
  readonly key: string
}

/** The result of a compilation. */
export interface Compiled {
  readonly findings: readonly Finding[]
  readonly floating: readonly FloatingFinding[]
  /** The files with syntax errors: their types were not checked. */
  readonly broken: ReadonlySet<string>
  /** The types without the key, each with its keys; `undefined` for a type that is not a plain object, or that could be several. */
  readonly lacking: ReadonlyMap<Lookup, readonly string[] | undefined>
}

/** The native TypeScript compiler. It starts with the first question, and later questions are quicker. */
export interface Compiler {
  /** Throws when it cannot be started. */
  compile(compilation: Compilation): Promise<Compiled>
  close(): void
}

/** Opens a compiler for files in `root`, which need not exist there. */
export function openCompiler(root: string): Compiler {
  let texts = new Map<string, string>()
  let api: API | undefined
  return {
    async compile(compilation) {
      const { API, TypeFlags, SignatureKind } = await import('typescript/unstable/sync')
      const ast = await import('typescript/unstable/ast')
      const before = texts
      texts = writeProject(root, compilation)
      api ??= new API({ cwd: root, fs: { readFile: path => texts.get(path) ?? replaceDeclaration(path) } })
      const config = join(root, CONFIG)
      const snapshot = api.updateSnapshot({ openProjects: [config], fileChanges: compareTexts(before, texts) })
      const project = snapshot.getProject(config)
      if (!project) throw new Error('TypeScript did not open the project of the blocks')
      try {
        const compiled = readProject(project, compilation, join(root, LOOKUPS), {
          primitive: TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike,
          none: TypeFlags.Never,
        })
        const whole = [...compilation.files.keys()].filter(file => !compiled.broken.has(file))
        const found = findFloating(whole, project, { ...ast, TypeFlags, SignatureKind })
        const floating = [...found].flatMap(([file, all]) =>
          all.map(({ offset, ...found }) => ({ file, ...placeAt(texts.get(file) ?? '', offset), ...found })),
        )
        return { ...compiled, floating }
      } finally {
        snapshot.dispose()
      }
    },
    close() {
      if (api) endQuietly(api)
    },
  }
}

const CONFIG = 'handbook-blocks.tsconfig.json'
const SCOPE = 'handbook-scope.d.ts'
const LOOKUPS = 'handbook-lookups.ts'

function writeProject(root: string, { files, shared, lookups }: Compilation): Map<string, string> {
  const texts = new Map([
    ...files,
    [join(root, SCOPE), shared],
    [join(root, LOOKUPS), lookups.map((lookup, index) => `${writeLookup(lookup, index)}\n`).join('')],
  ])
  return texts.set(join(root, CONFIG), JSON.stringify({ compilerOptions: OPTIONS, files: [...texts.keys()] }))
}

/** A line that has a type error when the type lacks the key. */
function writeLookup({ type, key }: Lookup, index: number): string {
  return `declare const handbook$lookup_${index}: ${type}; type Handbook$Lookup${index} = Handbook$Keyed<${type}>[${JSON.stringify(key)}]`
}

/** The changes from one compilation to the next. */
function compareTexts(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): FileChangeSummary {
  return {
    created: [...now.keys()].filter(path => !before.has(path)),
    changed: [...now].flatMap(([path, text]) => (before.has(path) && before.get(path) !== text ? [path] : [])),
    deleted: [...before.keys()].filter(path => !now.has(path)),
  }
}

/** Ends the compiler's process with SIGKILL. On SIGTERM, which `close` would send, it may write "context canceled" to our stderr. */
function endQuietly(api: API): void {
  let part: unknown = api
  for (const key of ['client', 'channel', 'child']) {
    part = typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined
  }
  if (part instanceof ChildProcess) {
    const child = part
    child.kill = () => ChildProcess.prototype.kill.call(child, 'SIGKILL')
  }
  api.close()
}

const OPTIONS = {
  // The syntax alone: what of it this Node.js cannot run is found by compiling it.
  target: 'ES2024',
  lib: ['ES2023'], // and not the DOM, whose `name`, `status`, `event`… would hide misspelt variables
  types: [],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  moduleDetection: 'legacy',
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
}

/** `expect` imports one type from here that no block uses. It would load 200 files, half of the time for one page. */
function replaceDeclaration(path: string): string | undefined {
  return path.endsWith('/@jest/schemas/build/index.d.ts')
    ? 'export type SnapshotFormat = Readonly<Record<string, unknown>>'
    : undefined
}

/** The flags of types that are looked up. */
interface Kinds {
  readonly primitive: number
  readonly none: number
}

function readProject(
  { program, checker }: Project,
  { files, lookups }: Compilation,
  lookupFile: string,
  kinds: Kinds,
): Omit<Compiled, 'floating'> {
  const [wrong] = program.getConfigFileParsingDiagnostics()
  if (wrong) throw new Error(`TypeScript does not accept the project of the blocks: ${readMessage(wrong)}`)
  const findings = program.getSyntacticDiagnostics().flatMap(diagnostic => locate(diagnostic, files))
  const broken = new Set(findings.map(({ file }) => file))
  const lacking = new Map<Lookup, readonly string[] | undefined>()
  for (const diagnostic of program.getSemanticDiagnostics()) {
    const { fileName = '', pos } = diagnostic
    if (fileName === lookupFile) {
      const text = lookups.map(writeLookup)
      const { lookup, start } = findLookup(text, lookups, pos)
      if (lookup) lacking.set(lookup, readKeys(checker, lookupFile, start + 'declare const '.length, kinds))
    } else if (!broken.has(fileName)) findings.push(...locate(diagnostic, files))
  }
  return { findings, broken, lacking }
}

/** The lookup on whose line a position lies, and where that line begins. */
function findLookup(
  lines: readonly string[],
  lookups: readonly Lookup[],
  position: number,
): { readonly lookup: Lookup | undefined; readonly start: number } {
  let start = 0
  for (const [index, line] of lines.entries()) {
    if (position <= start + line.length) return { lookup: lookups[index], start }
    start += line.length + 1
  }
  return { lookup: undefined, start }
}

/** The keys of the type of the name at a position; `value` stands for a value that has none. */
function readKeys(
  checker: Project['checker'],
  file: string,
  position: number,
  kinds: Kinds,
): readonly string[] | undefined {
  const type = checker.getTypeAtPosition(file, position)
  if (!type) return undefined
  if (type.flags & kinds.none) return []
  if (type.flags & kinds.primitive) return ['value']
  if (!type.isObjectType() || checker.getIndexInfosOfType(type).length > 0) return undefined
  return checker.getPropertiesOfType(type).map(({ name }) => name)
}

function locate(diagnostic: Diagnostic, files: ReadonlyMap<string, string>): Finding[] {
  const { fileName: file = '', pos, code } = diagnostic
  const text = files.get(file)
  if (text === undefined) return []
  return [{ file, ...placeAt(text, pos), code, message: readMessage(diagnostic) }]
}

function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

function readMessage({ text, messageChain = [] }: Diagnostic): string {
  return [text, ...messageChain.map(readMessage)].join('\n')
}
