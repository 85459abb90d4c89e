import { stripVTControlCharacters } from 'node:util'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/**
 * Text as XML 1.0 content. Terminal colours go; characters that XML does not know (other control characters, lone surrogates, the two
 * that are none) become U+FFFD. Source: https://www.w3.org/TR/xml/#charsets
 */
export function escapeXmlText(text: string): string {
  return clean(text).replace(/[&<>\r]/g, char => ENTITIES[char] ?? char)
}

/** Text as the value of an XML attribute in double quotes: as content, and line ends and tabs survive. */
export function escapeXmlAttribute(text: string): string {
  return clean(text).replace(/[&<>"\t\n\r]/g, char => ENTITIES[char] ?? char)
}

function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
