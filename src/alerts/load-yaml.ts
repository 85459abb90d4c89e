import { FAILSAFE_SCHEMA, type LoadOptions, loadAll, Type, YAMLException } from 'js-yaml'

/** A place in a file; line and column from 1. */
export interface YamlPlace {
  readonly line: number
  readonly column: number
}

/** The documents of a YAML file: scalars as their text, maps and lists as objects and arrays. */
export interface LoadedYaml {
  readonly documents: readonly unknown[]
  /** The error that stopped the reading; the documents before it are there. */
  readonly error?: YamlPlace & { readonly message: string }
  /** The place of a map or list, or of one of its values. For a value from `<<` or an alias, it is the place of the container. */
  placeOf(container: unknown, key?: string | number): YamlPlace
}

/**
 * Reads YAML like Prometheus, which follows libyaml: quoted text and flow collections need no
 * indentation, and unknown tags are ignored. Never throws.
 */
export function loadYaml(text: string): LoadedYaml {
  const source = text.replace(/^\ufeff/, '')
  const places = new Places(source)
  const documents: unknown[] = []
  const toPlace = (offset: number) => placeAt(source, offset)
  const placeOf: LoadedYaml['placeOf'] = (container, key) => toPlace(places.offsetOf(container, key))
  try {
    loadAll(source, document => documents.push(document), { schema: SCHEMA, listener: places.listen })
    return { documents, placeOf }
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    return { documents, placeOf, error: { message: error.reason, ...toPlace(error.mark.position) } }
  }
}

/** `<<` merges, `!!binary` is decoded, and any other tag leaves its value as it is. */
const SCHEMA = FAILSAFE_SCHEMA.extend({
  implicit: [new Type('tag:yaml.org,2002:merge', { kind: 'scalar', resolve: data => data === '<<' })],
  explicit: [
    new Type('tag:yaml.org,2002:binary', {
      kind: 'scalar',
      construct: data => Buffer.from(String(data), 'base64').toString(),
    }),
    ...(['scalar', 'sequence', 'mapping'] as const).flatMap(kind => [
      new Type('!', { kind, multi: true }),
      new Type('tag:', { kind, multi: true }),
    ]),
  ],
})

interface Frame {
  readonly from: number
  readonly children: { readonly offset: number; readonly value: unknown }[]
}

/** Notes where the nodes of a text begin, while it is read. */
class Places {
  readonly #text: string
  readonly #open: Frame[] = []
  readonly #containers = new WeakMap<object, { readonly offset: number; readonly values: Map<string, number> }>()

  constructor(text: string) {
    this.#text = text
  }

  readonly listen: NonNullable<LoadOptions['listener']> = (event, { position, result }) => {
    if (event === 'open') {
      this.#open.push({ from: position, children: [] })
      return
    }
    const frame = this.#open.pop()
    if (!frame) return
    const offset = Math.min(this.#skip(frame.from), this.#text.length)
    const value: unknown = result
    // The parser reports a value twice; the first, inner report has its children.
    if (typeof value === 'object' && value !== null && !this.#containers.has(value)) {
      this.#containers.set(value, { offset, values: offsetsOf(value, frame.children) })
    }
    this.#open.at(-1)?.children.push({ offset, value })
  }

  offsetOf(container: unknown, key: string | number | undefined): number {
    const known = typeof container === 'object' && container !== null ? this.#containers.get(container) : undefined
    return (key === undefined ? undefined : known?.values.get(String(key))) ?? known?.offset ?? 0
  }

  /** Skips white space, comments, anchors and tags, up to the beginning of a node. */
  #skip(from: number): number {
    const before = /(?:\s+|#[^\r\n]*|[&!][^\s,[\]{}]*(?=\s))*/y
    before.lastIndex = from
    before.exec(this.#text)
    return before.lastIndex
  }
}

function offsetsOf(value: object, children: Frame['children']): Map<string, number> {
  const offsets = new Map<string, number>()
  if (Array.isArray(value)) {
    // An item that is empty has no node.
    let next = 0
    for (const [index, item] of value.entries()) {
      const child = children[next]
      if (!child || child.value !== item) continue
      offsets.set(String(index), child.offset)
      next += 1
    }
    return offsets
  }
  for (let index = 0; index + 1 < children.length; index += 2) {
    const [key, child] = [children[index]?.value, children[index + 1]]
    if (child) offsets.set(String(key), child.offset)
  }
  return offsets
}

function placeAt(text: string, offset: number): YamlPlace {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}
