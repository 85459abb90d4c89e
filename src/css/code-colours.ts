import type { PrismTheme } from 'prism-react-renderer'

/** Colours of code by day: few, and each at least 4.5:1 against the ground. */
export const codeLight: PrismTheme = colour('#1c2629', '#f4f6f5', {
  quiet: '#5b696d',
  word: '#0b5567',
  text: '#7a3d00',
  name: '#5b2a86',
})

/** Colours of code by night. */
export const codeDark: PrismTheme = colour('#dfe8ea', '#0b1114', {
  quiet: '#8fa1a7',
  word: '#7fd0e0',
  text: '#e9b872',
  name: '#c9a7ee',
})

/** What is said in few colours: comments, the language's own words, literal text, and names that are called. */
interface Palette {
  readonly quiet: string
  readonly word: string
  readonly text: string
  readonly name: string
}

function colour(color: string, backgroundColor: string, { quiet, word, text, name }: Palette): PrismTheme {
  return {
    plain: { color, backgroundColor },
    styles: [
      { types: ['comment', 'shebang', 'prolog'], style: { color: quiet, fontStyle: 'italic' } },
      { types: ['keyword', 'builtin', 'operator', 'for-or-select'], style: { color: word } },
      { types: ['string', 'template-string', 'char', 'regex', 'number', 'boolean'], style: { color: text } },
      { types: ['function', 'function-name', 'class-name', 'variable', 'environment'], style: { color: name } },
      { types: ['inserted'], style: { color: word } },
      { types: ['deleted'], style: { color: text } },
    ],
  }
}
