import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { transformSync } from 'oxc-transform'
import { makeImportsDynamic } from '../../base/index.ts'
import type { StepError } from '../../journal/index.ts'
import type { Place } from '../../procedure/index.ts'
import type { BlockRequest } from '../protocol.ts'
import { BLOCK_SCOPE } from '../scope.ts'

/** A block as JavaScript, and what tells where in the page an error of it comes from. */
export interface CompiledBlock {
  /** The script's name in stack traces. */
  readonly name: string
  readonly code: string
  describe(error: unknown): StepError
  /** Where an error comes from, and what is written in that line; nothing when it does not come from the block. */
  locate(error: Error): (Place & { readonly text: string }) | undefined
}

const HEAD = `(({${BLOCK_SCOPE.join(', ')}}) => (async () => {\n`
const TAIL = '\n})())'

/** Strips a block's types; a syntax error is given at the page's own place. */
export function compileBlock(request: BlockRequest): CompiledBlock | { readonly error: StepError } {
  // A URL, since that is what zx looks for when it notes where a command was called; imports are relative to it.
  const name = pathToFileURL(join(request.cwd, `handbook:${request.step}.ts`)).href
  const source = makeImportsDynamic(request.code)
  const { code, map, errors } = transformSync(name, HEAD + source + TAIL, { sourcemap: true, lang: 'ts' })
  const [wrong] = errors
  if (wrong) {
    const offset = (wrong.labels[0]?.start ?? HEAD.length) - HEAD.length
    return {
      error: {
        message: `SyntaxError: ${wrong.message}`,
        ...placeOffset({ code: source, lines: request.lines }, offset),
      },
    }
  }
  const sourceMap = map ? new SourceMap(JSON.parse(JSON.stringify(map))) : undefined
  const locate = (error: Error) => findPlace(error, name, sourceMap, request)
  return { name, code, describe: error => describe(error, locate), locate }
}

/** What was thrown may be anything, also what cannot be made text of. */
function describe(error: unknown, locate: CompiledBlock['locate']): StepError {
  try {
    return tell(error, locate)
  } catch {
    return { message: 'what it threw cannot be printed' }
  }
}

function tell(error: unknown, locate: CompiledBlock['locate']): StepError {
  if (!(error instanceof Error)) {
    const says = typeof error === 'object' ? inspect(error, { breakLength: Number.POSITIVE_INFINITY }) : String(error)
    return { message: isProcessOutput(error) ? describeOutput(error) : says }
  }
  const message = isProcessOutput(error) ? describeOutput(error) : `${error.name}: ${error.message}`
  const { line, column } = locate(error) ?? {}
  return line === undefined || column === undefined ? { message } : { message, line, column }
}

function findPlace(error: Error, name: string, map: SourceMap | undefined, { lines, code }: BlockRequest) {
  const [, line, column] = readPlace(findStack(error), name)
  if (!map || line === undefined) return undefined
  const entry = map.findEntry(Number(line) - 1, Number(column) - 1)
  if (!('originalLine' in entry)) return undefined
  const place = lines[entry.originalLine - 1]
  const text = code.split('\n')[entry.originalLine - 1] ?? ''
  return place && { line: place.line, column: place.column + entry.originalColumn, text: text.trim() }
}

/** Line and column behind the first mention of a script. */
function readPlace(stack: string, name: string): readonly (string | undefined)[] {
  const at = stack.indexOf(`${name}:`)
  return at < 0 ? [] : (/^(\d+):(\d+)/.exec(stack.slice(at + name.length + 1))?.slice() ?? [])
}

/** The stack of an error; zx keeps the place of a command in its message. */
function findStack(error: Error): string {
  return `${error.message}\n${error.stack ?? ''}`
}

interface Output {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stderr: string
}

function isProcessOutput(error: unknown): error is Output {
  return typeof error === 'object' && error !== null && 'exitCode' in error && 'stderr' in error
}

function describeOutput({ exitCode, signal, stderr }: Output): string {
  const last = stderr.trim().split('\n').at(-1)
  return `a command ended with ${signal ? `signal ${signal}` : `exit code ${exitCode}`}${last ? `: ${last}` : ''}`
}

/** The place in the page of an offset in the code; the compiler counts bytes of UTF-8. */
function placeOffset(
  { code, lines }: Pick<BlockRequest, 'code' | 'lines'>,
  offset: number,
): { line: number; column: number } | undefined {
  const before = Buffer.from(code).toString('utf8', 0, Math.max(0, offset)).split('\n')
  const place = lines[before.length - 1] ?? lines.at(-1)
  return place && { line: place.line, column: place.column + (before.at(-1)?.length ?? 0) }
}
