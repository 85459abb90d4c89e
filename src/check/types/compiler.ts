import { ChildProcess } from 'node:child_process'
import type { API, Diagnostic } from 'typescript/unstable/sync'

/** What TypeScript says of a file, with a place in the file's own lines and columns. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: number
  readonly message: string
}

const CONFIG = 'handbook-blocks.tsconfig.json'

/**
 * Compiles files that need not exist on disk, given by their absolute paths, with the native TypeScript compiler.
 * `declarations` are files that the others need. Throws when the compiler cannot be started.
 */
export async function compile(
  root: string,
  files: ReadonlyMap<string, string>,
  declarations: ReadonlyMap<string, string>,
): Promise<Finding[]> {
  const { API } = await import('typescript/unstable/sync')
  const config = `${root}/${CONFIG}`
  const texts = new Map([...files, ...declarations])
  texts.set(config, JSON.stringify({ compilerOptions: OPTIONS, files: [...texts.keys()] }))
  const api = new API({ cwd: root, fs: { readFile: path => texts.get(path) ?? replaceDeclaration(path) } })
  try {
    return readFindings(api, config, files)
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

function readFindings(api: API, config: string, files: ReadonlyMap<string, string>): Finding[] {
  const snapshot = api.updateSnapshot({ openProjects: [config] })
  const project = snapshot.getProject(config)
  if (!project) throw new Error('TypeScript did not open the project of the blocks')
  const { program } = project
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
