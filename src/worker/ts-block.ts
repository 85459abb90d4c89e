import { SourceMap } from 'node:module'
import vm from 'node:vm'
import type { StepError } from '../journal/index.ts'
import type { BlockSignal } from './block-signal.ts'
import type { BlockRequest, BlockResult, Report } from './protocol.ts'
import { createScope } from './scope.ts'
import { toJson } from './to-json.ts'

const NAMES = [
  'params',
  'target',
  'steps',
  'expect',
  'suggest',
  'ruleOut',
  'skip',
  'evidence',
  'waitFor',
  'assertHost',
  'service',
  'prom',
  'http',
  'secret',
] as const
const HEAD = `(({${NAMES.join(', ')}}) => (async () => {\n`
const TAIL = '\n})())'

/** Runs a TypeScript block as the body of an async function; what it returns is the step's value. */
export async function runTypeScript(request: BlockRequest, tell: (report: Report) => void): Promise<BlockResult> {
  const name = `handbook:${request.step}.ts`
  const { transformSync } = await import('oxc-transform')
  const { code, map, errors } = transformSync(name, HEAD + request.code + TAIL, { sourcemap: true, lang: 'ts' })
  const [wrong] = errors
  if (wrong) {
    const offset = (wrong.labels[0]?.start ?? HEAD.length) - HEAD.length
    return { status: 'failed', error: { message: `SyntaxError: ${wrong.message}`, ...placeOffset(request, offset) } }
  }
  let ended: BlockSignal | undefined
  const scope = createScope(request, tell, signal => {
    ended ??= signal
    return signal
  })
  try {
    process.chdir(request.cwd)
    const block: unknown = new vm.Script(code, { filename: name }).runInThisContext()
    if (typeof block !== 'function') throw new TypeError('the block did not compile to a function')
    const value = toJson(await block(scope))
    if (ended) return { status: ended.status, reason: ended.message }
    return value === undefined ? { status: 'passed' } : { status: 'passed', value }
  } catch (error) {
    if (ended) return { status: ended.status, reason: ended.message }
    return {
      status: 'failed',
      error: describe(error, name, map ? new SourceMap(JSON.parse(JSON.stringify(map))) : undefined, request),
    }
  }
}

function describe(error: unknown, name: string, map: SourceMap | undefined, request: BlockRequest): StepError {
  if (!(error instanceof Error)) return { message: isProcessOutput(error) ? describeOutput(error) : String(error) }
  const message = isProcessOutput(error) ? describeOutput(error) : `${error.name}: ${error.message}`
  const [, line, column] = new RegExp(`${name.replaceAll('.', '\\.')}:(\\d+):(\\d+)`).exec(error.stack ?? '') ?? []
  if (!map || line === undefined) return { message }
  const entry = map.findEntry(Number(line) - 1, Number(column) - 1)
  if (!('originalLine' in entry)) return { message }
  const place = request.lines[entry.originalLine - 1]
  return place ? { message, line: place.line, column: place.column + entry.originalColumn } : { message }
}

function isProcessOutput(error: unknown): error is { exitCode: number | null; signal: string | null; stderr: string } {
  return typeof error === 'object' && error !== null && 'exitCode' in error && 'stderr' in error
}

function describeOutput({
  exitCode,
  signal,
  stderr,
}: {
  exitCode: number | null
  signal: string | null
  stderr: string
}): string {
  const last = stderr.trim().split('\n').at(-1)
  return `a command ended with ${signal ? `signal ${signal}` : `exit code ${exitCode}`}${last ? `: ${last}` : ''}`
}

function placeOffset({ code, lines }: BlockRequest, offset: number): { line: number; column: number } | undefined {
  const before = code.slice(0, Math.max(0, offset)).split('\n')
  const place = lines[before.length - 1] ?? lines.at(-1)
  return place && { line: place.line, column: place.column + (before.at(-1)?.length ?? 0) }
}
