/** A place in a text, from 0. */
export interface Mark {
  readonly index: number
  readonly line: number
  readonly column: number
}

/** What a token is. Starts of block collections, and their ends, come from indentation. */
export type TokenType =
  | 'stream-end'
  | 'version'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-list'
  | 'block-map'
  | 'block-end'
  | 'flow-list'
  | 'flow-list-end'
  | 'flow-map'
  | 'flow-map-end'
  | 'flow-entry'
  | 'block-entry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'

/** A token of YAML. */
export interface Token {
  readonly type: TokenType
  readonly start: Mark
  readonly end: Mark
  /** The text of a scalar, the name of an anchor, the handle of a tag, the version. */
  readonly value: string
  /** The suffix of a tag, or the prefix that a directive gives its handle. */
  readonly suffix: string
  /** Whether a scalar is bare, without quotes, `|` or `>`. */
  readonly plain: boolean
}

/** A mistake in YAML: libyaml's words, and the place where it was seen or where the broken part begins. */
export class YamlError extends Error {
  readonly mark: Mark

  constructor(message: string, mark: Mark) {
    super(message)
    this.name = 'YamlError'
    this.mark = mark
  }
}
