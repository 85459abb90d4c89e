import { endOfImports } from '../../base/index.ts'
import type { Param, Place, Step } from '../../procedure/index.ts'

/** Blocks of a page for the compiler: a file in which all code stands at the page's own lines and columns. */
export interface BlockModule {
  /** The steps whose blocks they are, in the order of the page. */
  readonly steps: readonly Step[]
  readonly text: string
  /** The function's head, when it had to be inserted into the code behind the imports. */
  readonly inserted?: Place & { readonly length: number }
}

/** A ts block that is to be compiled. */
export interface TypedBlock {
  readonly step: Step
  /** The global name under which later blocks find the block's type. */
  readonly name: string
  readonly scope: PageScope
}

/** The names of one block, beside those that all blocks share. */
export interface PageScope {
  /** `undefined` when the front matter cannot be read. */
  readonly params: readonly Param[] | undefined
  /** The ids that `suggest` takes. */
  readonly suggestable: readonly string[]
  /** The type of `steps`, by the step's id, in TypeScript. */
  readonly steps: ReadonlyMap<string, string>
}

/** The files for a page's blocks: one for all of them, unless they must be kept `apart` or have imports. */
export function writeBlockModules(blocks: readonly TypedBlock[], apart: boolean): BlockModule[] {
  if (apart || blocks.some(({ step }) => endOfImports(step.block.code) > 0)) return blocks.map(writeModule)
  if (blocks.length === 0) return []
  const writer = new PageWriter()
  for (const { step, name, scope } of blocks.toSorted((a, b) => a.step.block.fence.line - b.step.block.fence.line)) {
    const { code, lines, fence } = step.block
    writer.write(writeHead(name, scope, step), fence)
    writeCode(writer, code, lines)
  }
  return [{ steps: blocks.map(({ step }) => step), text: writer.text }]
}

/**
 * The file for one block. The function's head stands on the fence's line, the code below it at the page's columns.
 * Without imports it is a script, so a block's type is a global name and nothing needs to be resolved. Static imports make it a module;
 * then its type is put among the globals by hand.
 */
function writeModule({ step, name, scope }: TypedBlock): BlockModule {
  const { code, lines, fence } = step.block
  const imports = endOfImports(code)
  const writer = new PageWriter()
  if (imports === 0) {
    writer.write(writeHead(name, scope, step), fence)
    writeCode(writer, code, lines)
    return { steps: [step], text: writer.text }
  }
  const own = `${name}_`
  const head = `;${writeHead(own, scope, step)}`
  const line = code.slice(0, imports).split('\n').length - 1
  const column = imports - (code.lastIndexOf('\n', imports - 1) + 1)
  const place = lines[line] ?? fence
  writeCode(writer, `${code.slice(0, imports)}${head}${code.slice(imports)}`, lines)
  writer.write(`declare global { var ${name}: typeof ${own} }`, { line: writer.line + 1, column: 1 })
  const inserted = { line: place.line, column: place.column + column, length: head.length }
  return { steps: [step], text: writer.text, inserted }
}

function writeHead(name: string, scope: PageScope, step: Step): string {
  return `const ${name} = (${describeScope(scope, step)}) => async () => {`
}

function writeCode(writer: PageWriter, code: string, lines: readonly Place[]): void {
  for (const [index, text] of code.split('\n').entries()) {
    const place = lines[index]
    if (place) writer.write(text, place)
  }
  writer.write('}', { line: writer.line + 1, column: 1 })
}

/** Writes at places: empty lines and spaces up to there. */
class PageWriter {
  text = ''
  line = 1

  write(text: string, place: Place): void {
    this.text += '\n'.repeat(Math.max(0, place.line - this.line)) + ' '.repeat(Math.max(0, place.column - 1)) + text
    this.line = Math.max(this.line, place.line)
  }
}

function describeScope({ params, suggestable, steps }: PageScope, { risk }: Step): string {
  return [
    `params: ${params ? describeRecord(params.map(param => [param.name, describeParam(param)])) : 'any'}`,
    `steps: ${describeRecord([...steps])}`,
    `suggest: (step: ${describeUnion(suggestable)}, why: string) => void`,
    // Read steps get less: they cannot change a service, and they have no credentials that can change anything.
    ...(risk === 'read' ? ['service: Handbook$ReadService', 'secret: Handbook$ReadSecret'] : []),
  ].join(', ')
}

function describeRecord(entries: readonly (readonly [string, string])[]): string {
  return `{ ${entries.map(([key, type]) => `readonly ${JSON.stringify(key)}: ${type}`).join('; ')} }`
}

/** A union of string literals, in TypeScript. */
export function describeUnion(values: readonly string[]): string {
  return values.length === 0 ? 'never' : values.map(value => JSON.stringify(value)).join(' | ')
}

function describeParam({ type, values }: Param): string {
  switch (type) {
    case 'number':
    case 'integer':
    case 'bytes':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'enum':
      return describeUnion(values ?? [])
    case 'string':
    case 'duration':
    case 'host':
      return 'string'
    default:
      return type satisfies never
  }
}
