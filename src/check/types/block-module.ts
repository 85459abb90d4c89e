import { endOfImports } from '../../base/index.ts'
import type { Param, Place, Step } from '../../procedure/index.ts'

/** A ts block as the compiler sees it: a file of its own in which everything stands at the page's own line and column. */
export interface BlockModule {
  /** The step whose block it is. */
  readonly step: Step
  /** The global name under which later blocks find the block's type. */
  readonly name: string
  readonly text: string
  /** The head, where it had to be put into a line of the code: behind its imports. */
  readonly inserted?: Place & { readonly length: number }
}

/** What a block of a page may use beside what all blocks may. */
export interface PageScope {
  /** Unknown when the front matter cannot be read. */
  readonly params: readonly Param[] | undefined
  /** The ids that `suggest` takes. */
  readonly suggestable: readonly string[]
  /** The type of `steps`, by the step's id, in TypeScript. */
  readonly steps: ReadonlyMap<string, string>
}

/**
 * The file for a block. The function's head stands on the fence's line, the code below it at the page's columns.
 * Without imports it is a script, so that a block's type is a global name and nothing needs to be resolved; static imports
 * make it a module, whose type is put among the globals by hand.
 */
export function writeBlockModule(step: Step, name: string, scope: PageScope): BlockModule {
  const { code, lines, fence } = step.block
  const own = `${name}_`
  const imports = endOfImports(code)
  let inserted: BlockModule['inserted']
  const head = `const ${imports > 0 ? own : name} = (${describeScope(scope, step)}) => async () => {`
  const writer = new PageWriter()
  if (imports === 0) writer.write(head, fence)
  let offset = 0
  for (const [index, text] of code.split('\n').entries()) {
    const place = lines[index]
    const cut = imports - offset
    if (place && cut > 0 && cut <= text.length) {
      writer.write(`${text.slice(0, cut)};${head}${text.slice(cut)}`, place)
      inserted = { line: place.line, column: place.column + cut, length: head.length + 1 }
    } else if (place) writer.write(text, place)
    offset += text.length + 1
  }
  writer.write('}', { line: writer.line + 1, column: 1 })
  if (imports > 0) writer.write(`declare global { var ${name}: typeof ${own} }`, { line: writer.line + 1, column: 1 })
  return { step, name, text: writer.text, ...(inserted ? { inserted } : {}) }
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
    // Steps that only read get less: they cannot change a service, nor have the credentials to change anything.
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
