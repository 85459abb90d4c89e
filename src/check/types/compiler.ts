import { ChildProcess } from 'node:child_process'
import type { API, Diagnostic, Project } from 'typescript/unstable/sync'

/** What TypeScript says of a file, with a place in the file's own lines and columns. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: number
  readonly message: string
}

const QUESTION = 'handbook$type_'

/** What is to be compiled. Nothing of it need exist on disk; paths are absolute. */
export interface Compilation {
  readonly root: string
  /** Files whose mistakes are wanted. */
  readonly files: ReadonlyMap<string, string>
  /** Declarations that all of them share. */
  readonly shared: string
  /** Types, in TypeScript, whose keys are wanted. */
  readonly types: readonly string[]
}

/** What came of it. */
export interface Compiled {
  readonly findings: readonly Finding[]
  /** The keys of the types that were asked for; none for what is no plain object, or could be several. */
  readonly keys: ReadonlyMap<string, readonly string[]>
}

/** Compiles files with the native TypeScript compiler. Throws when it cannot be started. */
export async function compile({ root, files, shared, types }: Compilation): Promise<Compiled> {
  const { API, TypeFlags } = await import('typescript/unstable/sync')
  const config = `${root}/handbook-blocks.tsconfig.json`
  const questions = `${root}/handbook-questions.d.ts`
  const texts = new Map([
    ...files,
    [`${root}/handbook-scope.d.ts`, shared],
    [questions, types.map((type, index) => `declare const ${QUESTION}${index}: ${type};\n`).join('')],
  ])
  texts.set(config, JSON.stringify({ compilerOptions: OPTIONS, files: [...texts.keys()] }))
  const api = new API({ cwd: root, fs: { readFile: path => texts.get(path) ?? replaceDeclaration(path) } })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (!project) throw new Error('TypeScript did not open the project of the blocks')
    const kinds = {
      primitive: TypeFlags.StringLike | TypeFlags.NumberLike | TypeFlags.BooleanLike,
      none: TypeFlags.Never,
    }
    const text = texts.get(questions) ?? ''
    const keys = types.flatMap((type, index) => {
      const found = readKeys(project, questions, text.indexOf(`${QUESTION}${index}:`), kinds)
      return found ? [[type, found] as const] : []
    })
    return { findings: readFindings(project, files), keys: new Map(keys) }
  } finally {
    endQuietly(api)
  }
}

/** Ends the compiler's process by SIGKILL, for on SIGTERM, which `close` would send, it may write "context canceled" to our stderr. */
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
  target: 'ES2023',
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

/** `expect` has one type from here that no block ever sees; with it come 200 files, half of the time that one page takes. */
function replaceDeclaration(path: string): string | undefined {
  return path.endsWith('/@jest/schemas/build/index.d.ts')
    ? 'export type SnapshotFormat = Readonly<Record<string, unknown>>'
    : undefined
}

/** The keys of the type at a position; `value` stands for a value that has none. */
function readKeys(
  { checker }: Project,
  file: string,
  position: number,
  kinds: { readonly primitive: number; readonly none: number },
): readonly string[] | undefined {
  const type = checker.getTypeAtPosition(file, position)
  if (!type) return undefined
  if (type.flags & kinds.none) return []
  if (type.flags & kinds.primitive) return ['value']
  if (!type.isObjectType() || checker.getIndexInfosOfType(type).length > 0) return undefined
  return checker.getPropertiesOfType(type).map(({ name }) => name)
}

function readFindings({ program }: Project, files: ReadonlyMap<string, string>): Finding[] {
  const [wrong] = program.getConfigFileParsingDiagnostics()
  if (wrong) throw new Error(`TypeScript does not accept the project of the blocks: ${readMessage(wrong)}`)
  const findings: Finding[] = []
  const broken = new Set<string>()
  for (const diagnostic of program.getSyntacticDiagnostics()) collect(diagnostic)
  for (const { file } of findings) broken.add(file)
  for (const diagnostic of program.getSemanticDiagnostics()) {
    if (!broken.has(diagnostic.fileName ?? '')) collect(diagnostic)
  }
  return findings

  function collect(diagnostic: Diagnostic): void {
    const { fileName: file = '', pos, code } = diagnostic
    const text = files.get(file)
    if (text === undefined) return
    const before = text.slice(0, pos)
    const line = before.split('\n').length
    findings.push({ file, line, column: pos - before.lastIndexOf('\n'), code, message: readMessage(diagnostic) })
  }
}

function readMessage({ text, messageChain = [] }: Diagnostic): string {
  return [text, ...messageChain.map(readMessage)].join('\n')
}
