/** What may stand between letters. Its expressions are sticky. */
export interface Gap {
  readonly pattern: RegExp
  /** The characters that it begins with. */
  readonly begins: string
  /** Matches a gap that the end of the text cuts off. */
  readonly cut: RegExp
}

/** A kind of gap: expressions for one of it, and for what the end of the text leaves of one. */
interface GapKind {
  readonly whole: string
  readonly cut?: string
  readonly begins: string
}

/** The most parts of a gap: without an end to it, output that is a gap alone would be held back, and searched, again and again. */
const PARTS = 512

const ESCAPE = '\x1b'
/** What a terminal obeys and does not show, as ECMA-48 has it: a secret can still be read when a part of it is highlighted. */
const SEQUENCES: GapKind = {
  whole: `${ESCAPE}(?:\\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\\]PX^_][^\\x07${ESCAPE}]{0,2000}(?:\\x07|${ESCAPE}\\\\)|[ -/]{1,8}[0-~]|[0-OQ-WYZ\\\\\x60-~])`,
  cut: `${ESCAPE}(?:\\[[0-?]{0,64}[ -/]{0,8}|[\\]PX^_][^\\x07${ESCAPE}]{0,2000}${ESCAPE}?|[ -/]{1,8})?`,
  begins: ESCAPE,
}
const CONTROLS: GapKind = {
  whole: '[\\x00-\\x08\\x0e-\\x1a\\x1c-\\x1f\\x7f]',
  begins: listCodes([0x00, 0x08], [0x0e, 0x1a], [0x1c, 0x1f], [0x7f, 0x7f]),
}
/** Characters of no width. */
const NO_WIDTH: GapKind = {
  whole: '[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]',
  begins: listCodes([0xad, 0xad], [0x200b, 0x200f], [0x202a, 0x202e], [0x2060, 0x206f], [0xfeff, 0xfeff]),
}
/** The same in UTF-8, read as `latin1`. */
const NO_WIDTH_BYTES: GapKind = {
  whole: '\\xe2\\x80[\\x8b-\\x8f\\xaa-\\xae]|\\xe2\\x81[\\xa0-\\xaf]|\\xef\\xbb\\xbf|\\xc2\\xad',
  cut: '\\xe2[\\x80\\x81]?|\\xef\\xbb?|\\xc2',
  begins: '\xe2\xef\xc2',
}
const BREAKS: GapKind = { whole: '(?:[\\r\\n]|\\\\[nr])[ \\t]{0,512}', cut: '\\\\', begins: '\n\r\\' }

/** What a person does not see. */
export const UNSEEN = makeGap([SEQUENCES, CONTROLS, NO_WIDTH, NO_WIDTH_BYTES])
/** The same, and line breaks, plain or quoted, with their indentation. */
export const UNSEEN_OR_BREAKS = makeGap([SEQUENCES, CONTROLS, NO_WIDTH, NO_WIDTH_BYTES, BREAKS])

/** Line breaks, plain or quoted, with their indentation. */
export const LINES: Gap = { pattern: /(?:(?:[\r\n]|\\[nr])[ \t]{0,512}){1,512}/y, begins: '\n\r\\', cut: /\\$/y }

/** What stands between the bytes of a hex text. */
export const SEPARATORS: Gap = {
  pattern: /(?:[\s:,;-]|0[xX]|\\{1,8}[nrtx]|%){1,512}/y,
  begins: ' \n\r\t:,;-0\\%',
  cut: /(?:0|\\+)$/y,
}

function makeGap(kinds: readonly GapKind[]): Gap {
  return {
    pattern: new RegExp(`(?:${kinds.map(({ whole }) => whole).join('|')}){1,${PARTS}}`, 'y'),
    begins: kinds.map(({ begins }) => begins).join(''),
    cut: new RegExp(`(?:${kinds.flatMap(({ cut }) => cut ?? []).join('|')})$`, 'y'),
  }
}

function listCodes(...ranges: readonly (readonly [number, number])[]): string {
  return ranges
    .flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => String.fromCharCode(from + at)))
    .join('')
}
