import { makeVisible } from '../base/index.ts'

/** A JUnit report: what was tried, in suites. */
export interface JunitReport {
  readonly name: string
  readonly suites: readonly JunitSuite[]
}

/** What belongs together in a JUnit report. */
export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

/** One thing that was tried; passed unless it says that it failed or was skipped. */
export interface JunitCase {
  readonly name: string
  /** How long it took. */
  readonly seconds?: number
  /** Why it failed: a line, and what else there is to know. */
  readonly failure?: { readonly message: string; readonly type?: string; readonly text?: string }
  /** Why it was not tried, or does not count. */
  readonly skipped?: string
  /** What it printed. */
  readonly output?: string
  /** What else is known of it. */
  readonly properties?: Readonly<Record<string, string>>
}

/**
 * A JUnit XML document, as CI servers read it; well-formed whatever the texts hold. A report of nothing would be read as one of success:
 * it has a case that is skipped, and says so. Source: https://github.com/testmoapp/junitxml
 */
export function writeJunit({ name, suites: given }: JunitReport): string {
  const suites = given.some(({ cases }) => cases.length > 0) ? given : [...given, NOTHING]
  const cases = suites.flatMap(suite => suite.cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...sumUp(cases) })}>`,
    ...suites.flatMap(suite => [
      `  <testsuite${attributes({ name: suite.name, ...sumUp(suite.cases) })}>`,
      ...suite.cases.flatMap(one => writeCase(suite.name, one)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

const NOTHING: JunitSuite = {
  name: 'Nothing was tried',
  cases: [{ name: 'Nothing was tried', skipped: 'there was nothing to try: this says nothing of what it is about' }],
}

function writeCase(
  classname: string,
  { name, seconds, failure, skipped, output, properties = {} }: JunitCase,
): string[] {
  const time = seconds === undefined ? {} : { time: atLeastNothing(seconds) }
  const known = Object.entries(properties).map(([name, value]) => `  ${element('property', { name, value }, '')}`)
  const inside = [
    ...(known.length === 0 ? [] : ['      <properties>', ...known, '      </properties>']),
    ...(failure
      ? [element('failure', { message: failure.message, type: failure.type ?? 'failure' }, failure.text ?? '')]
      : []),
    ...(skipped === undefined ? [] : [element('skipped', { message: skipped }, '')]),
    ...(output === undefined ? [] : [element('system-out', {}, output)]),
  ]
  const opening = `    <testcase${attributes({ name, classname, ...time })}`
  return inside.length === 0 ? [`${opening}/>`] : [`${opening}>`, ...inside, '    </testcase>']
}

function element(name: string, given: Readonly<Record<string, string>>, text: string): string {
  const opening = `      <${name}${attributes(given)}`
  return text === '' ? `${opening}/>` : `${opening}>${escapeXmlText(text)}</${name}>`
}

function attributes(given: Readonly<Record<string, string | number>>): string {
  return Object.entries(given)
    .map(([name, value]) => ` ${name}="${escapeXmlAttribute(String(value))}"`)
    .join('')
}

function sumUp(cases: readonly JunitCase[]): Record<string, number> {
  return {
    tests: cases.length,
    failures: cases.filter(({ failure }) => failure !== undefined).length,
    errors: 0,
    skipped: cases.filter(({ skipped }) => skipped !== undefined).length,
    time: Number(cases.reduce((sum, { seconds }) => sum + atLeastNothing(seconds ?? 0), 0).toFixed(3)),
  }
}

/** A time that JUnit allows: a clock may have been set back, and no reader wants a time below nothing or one that is no number. */
function atLeastNothing(seconds: number): number {
  return Number.isFinite(seconds) ? Number(Math.max(0, seconds).toFixed(3)) : 0
}

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
 * Text as XML 1.0 content. Terminal colours go, and what begins another control sequence is shown; characters that
 * XML does not know (other control characters, lone surrogates, the two
 * that are none) become U+FFFD. Source: https://www.w3.org/TR/xml/#charsets
 */
function escapeXmlText(text: string): string {
  return clean(text).replace(/[&<>\r]/g, char => ENTITIES[char] ?? char)
}

/** Text as the value of an XML attribute in double quotes: as content, and line ends and tabs survive. */
function escapeXmlAttribute(text: string): string {
  return clean(text).replace(/[&<>"\t\n\r]/g, char => ENTITIES[char] ?? char)
}

/** What reorders or hides text, written out; control characters are left to the next step. */
function showHidden(text: string): string {
  return text.replace(/[^\p{Cc}\p{Cs}]+/gu, part => makeVisible(part))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const COLOURS = /\u001b\[[0-9;:]*m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
const ESCAPE = /\u001b/g

function clean(text: string): string {
  return showHidden(text.replace(COLOURS, '').replace(ESCAPE, '\u241b')).replace(
    /[^\t\n\r\u0020-\u007F\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu,
    '\uFFFD',
  )
}
