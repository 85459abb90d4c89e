import { SourceMap } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import vm from 'node:vm'
import { transformSync } from 'oxc-transform'
import { findScriptPlace, makeImportsDynamic } from '../../base/index.ts'
import type { StepError } from '../../journal/index.ts'
import type { Place } from '../../procedure/index.ts'
import type { BlockRequest } from '../protocol.ts'
import { BLOCK_SCOPE } from '../scope.ts'
import { nameCode } from './program.ts'

/** A block as JavaScript, and what tells where in the page an error of it comes from. */
export interface CompiledBlock {
  /** The script's name in stack traces. */
  readonly name: string
  readonly script: vm.Script
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
  try {
    const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
    const script = new vm.Script(code, { filename: name, importModuleDynamically })
    return { name, script, describe: error => describe(error, locate), locate }
  } catch (error) {
    const { message, ...place } = describe(error, locate)
    return { error: { message: `Node.js ${process.version} cannot run this: ${message}`, ...place } }
  }
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
    const says = typeof error === 'object' ? inspect(error, ONE_LINE) : String(error)
    return { message: isProcessOutput(error) ? describeOutput(error) : says }
  }
  const message = describeWhole(error)
  const { line, column } = locate(error) ?? {}
  return line === undefined || column === undefined ? { message } : { message, line, column }
}

/** The most errors that are told of one that was thrown. */
const LIMIT = 8

/** What was thrown, with what caused it and what it stands for. */
function describeWhole(error: Error): string {
  const seen = new Set<unknown>()
  const say = (one: unknown): string => {
    if (seen.has(one)) return '…'
    seen.add(one)
    if (seen.size > LIMIT) return '…'
    if (isProcessOutput(one)) return describeOutput(one)
    if (!(one instanceof Error)) return typeof one === 'object' ? inspect(one, ONE_LINE) : String(one)
    const head = one.message === '' ? one.name : `${one.name}: ${one.message}`
    const errors = 'errors' in one && Array.isArray(one.errors) ? one.errors : []
    // A message often repeats what it was made of.
    const parts = errors.map(say).filter(part => !one.message.includes(part))
    const inner = one.cause === undefined ? '' : say(one.cause)
    const cause = inner === '' || one.message.includes(inner.replace(/^Error: /, '')) ? '' : `, caused by ${inner}`
    return `${head}${parts.length > 0 ? ` [${parts.join('; ')}]` : ''}${cause}`
  }
  return say(error)
}

const ONE_LINE = { breakLength: Number.POSITIVE_INFINITY }

function findPlace(error: Error, name: string, map: SourceMap | undefined, { lines, code }: BlockRequest) {
  const found = findScriptPlace(findStack(error), name)
  if (!map || !found) return undefined
  const entry = map.findEntry(found.line - 1, found.column - 1)
  if (!('originalLine' in entry)) return undefined
  const place = lines[entry.originalLine - 1]
  const text = code.split('\n')[entry.originalLine - 1] ?? ''
  return place && { line: place.line, column: place.column + entry.originalColumn, text: text.trim() }
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
  return `a command ended with ${signal ? `signal ${signal}` : `exit code ${exitCode === null ? exitCode : nameCode(exitCode)}`}${last ? `: ${last}` : ''}`
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
