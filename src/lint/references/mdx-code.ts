import { type Finding, judgeTag, runsAsUrl, type Tag } from './active-content.ts'

/** A node of JavaScript’s syntax tree, as far as nothing else is known of it. */
interface Code {
  readonly type: string
  readonly [key: string]: unknown
}

/** What pages may import: parts of the site, and pictures beside the page. */
const SOURCES =
  /^(?:@theme\/|@docusaurus\/|@site\/src\/)(?!.*\.\.)|^(?:\.\.?\/|@site\/static\/)[^!?]*\.(?:png|jpe?g|gif|webp|avif|svg)$/i

/** The values that a page may have in braces: they are shown, and run nothing. */
const VALUES = new Set(
  `Program ExpressionStatement Literal TemplateLiteral TemplateElement Identifier MemberExpression ArrayExpression ObjectExpression Property
  UnaryExpression JSXElement JSXFragment JSXOpeningElement JSXClosingElement JSXOpeningFragment JSXClosingFragment JSXAttribute JSXIdentifier
  JSXMemberExpression JSXNamespacedName JSXExpressionContainer JSXEmptyExpression JSXText ExportNamedDeclaration VariableDeclaration VariableDeclarator
  ImportDeclaration ImportSpecifier ImportDefaultSpecifier EmptyStatement ParenthesizedExpression`.split(/\s+/),
)

/**
 * What is not allowed in a piece of MDX’s code: an allow-list of what only shows something. `local` collects the names that the page itself
 * gives, which no element may have.
 */
export function judgeCode(program: unknown, local: Set<string>): Finding[] {
  if (!isCode(program)) return []
  const tags: Finding[] = []
  const others: Finding[] = []
  const waiting: Code[] = [program]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    waiting.push(...listChildren(node).toReversed())
    if (node.type === 'JSXOpeningElement') tags.push(...judgeTag(readTag(node)))
    const why = judgeNode(node, local)
    if (why !== undefined) others.push({ place: placeOf(node), message: why, found: node.type })
  }
  // Inside a function, an element says best what is wrong.
  return tags.length > 0 ? tags : others.slice(0, 1)
}

function judgeNode(node: Code, local: Set<string>): string | undefined {
  if (!VALUES.has(node.type)) return 'This runs code in the reader’s browser'
  switch (node.type) {
    case 'ImportDeclaration': {
      const source = readLiteral(node.source) ?? ''
      if (list(node.specifiers).length === 0) return `Importing ${source} runs it in the reader’s browser`
      return SOURCES.test(source) ? undefined : `A page may not import ${source}`
    }
    case 'ExportNamedDeclaration':
      return node.source || !node.declaration ? 'A page exports only values of its own' : undefined
    case 'VariableDeclarator': {
      const name = isCode(node.id) ? node.id.name : undefined
      if (typeof name === 'string') local.add(name)
      return typeof name === 'string' ? undefined : 'A page exports only values that have a name'
    }
    case 'MemberExpression':
      return node.computed ? 'Nobody sees what this reads: write the name behind a dot' : undefined
    case 'Identifier':
      return GLOBALS.has(String(node.name)) ? `${node.name} belongs to the reader’s browser` : undefined
    case 'UnaryExpression':
      return node.operator === 'delete' ? 'This runs code in the reader’s browser' : undefined
    case 'Property':
      return node.kind !== 'init' || node.method === true ? 'This runs code in the reader’s browser' : undefined
    case 'Literal':
    case 'TemplateElement': {
      const text = node.type === 'Literal' ? node.value : readCooked(node.value)
      return typeof text === 'string' && (runsAsUrl(text) || /^\s*data:\w+\/[\w.+-]+[;,]/i.test(text))
        ? 'This link would run, or show, what stands in it'
        : undefined
    }
    default:
      return undefined
  }
}

const GLOBALS = new Set(
  'globalThis window self document top parent frames location navigator localStorage eval Function constructor'.split(
    ' ',
  ),
)

/** A tag as written in code. */
function readTag(node: Code): Tag {
  return {
    name: readName(node.name),
    place: placeOf(node),
    attributes: list(node.attributes).map(attribute => ({
      name: attribute.type === 'JSXAttribute' ? readName(attribute.name) : '',
      value: attribute.type === 'JSXAttribute' ? readValue(attribute.value) : undefined,
      place: placeOf(attribute),
    })),
  }
}

function readValue(value: unknown): string | undefined {
  if (!isCode(value)) return ''
  return value.type === 'JSXExpressionContainer' ? readText(value.expression) : readLiteral(value)
}

/** The text that an expression is, when it is one as it stands. */
export function readText(program: unknown): string | undefined {
  if (!isCode(program)) return undefined
  if (program.type === 'Program') return readText(list(program.body)[0])
  if (program.type === 'ExpressionStatement') return readText(program.expression)
  const [only, ...more] = program.type === 'TemplateLiteral' ? list(program.quasis) : []
  if (only) return more.length === 0 ? readCooked(only.value) : undefined
  return readLiteral(program)
}

function readLiteral(node: unknown): string | undefined {
  return isCode(node) && node.type === 'Literal' ? String(node.value) : undefined
}

function readCooked(value: unknown): string | undefined {
  const cooked = typeof value === 'object' && value !== null && 'cooked' in value ? value.cooked : undefined
  return typeof cooked === 'string' ? cooked : undefined
}

function readName(node: unknown): string {
  if (!isCode(node)) return ''
  if (node.type === 'JSXMemberExpression') return `${readName(node.object)}.${readName(node.property)}`
  if (node.type === 'JSXNamespacedName') return `${readName(node.namespace)}:${readName(node.name)}`
  return String(node.name)
}

function listChildren(node: Code): Code[] {
  return Object.entries(node).flatMap(([key, value]) =>
    ['loc', 'range', 'comments'].includes(key) ? [] : [value].flat().filter(isCode),
  )
}

function list(value: unknown): Code[] {
  return Array.isArray(value) ? value.filter(isCode) : []
}

function placeOf({ loc }: Code) {
  const start = typeof loc === 'object' && loc !== null && 'start' in loc ? loc.start : undefined
  const read = (key: string) =>
    typeof start === 'object' && start !== null ? Number(Reflect.get(start, key) ?? Number.NaN) : Number.NaN
  const [line, column] = [read('line'), read('column')]
  return { line: Number.isNaN(line) ? 1 : line, column: Number.isNaN(column) ? 1 : column + 1 }
}

function isCode(value: unknown): value is Code {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
