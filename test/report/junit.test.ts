import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { type JunitReport, writeJunit } from '../../src/report/index.ts'

const REPORT: JunitReport = {
  name: 'all',
  suites: [
    {
      name: 'one',
      cases: [
        { name: 'works', seconds: 1.25 },
        { name: 'fails', seconds: 0.5, failure: { message: 'no', type: 'kind', text: 'line\nline' }, output: 'said' },
        { name: 'not tried', skipped: 'no time' },
      ],
    },
    { name: 'empty', cases: [] },
  ],
}

describe('a JUnit report', () => {
  it('tells suites and cases, sums and seconds', () => {
    expect(writeJunit(REPORT)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="3" failures="1" errors="0" skipped="1" time="1.75">
  <testsuite name="one" tests="3" failures="1" errors="0" skipped="1" time="1.75">
    <testcase name="works" classname="one" time="1.25"/>
    <testcase name="fails" classname="one" time="0.5">
      <failure message="no" type="kind">line
line</failure>
      <system-out>said</system-out>
    </testcase>
    <testcase name="not tried" classname="one">
      <skipped message="no time"/>
    </testcase>
  </testsuite>
  <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="0">
  </testsuite>
</testsuites>
`)
  })

  it.each([
    ['what would close it', ']]></failure><x a="b">', ']]></failure><x a="b">'],
    ['entities', '&amp; &#0; "\'<', '&amp; &#0; "\'<'],
    ['control characters', 'a\u0000\u0008\u000B\u001Fb\u007F', 'a\uFFFD\uFFFD\uFFFD\uFFFDb\u007F'],
    ['lone surrogates', '\uD83D \uDE00 \u{1F600}', '\uFFFD \uFFFD \u{1F600}'],
    ['characters that are none', '\uFFFE\uFFFF', '\uFFFD\uFFFD'],
    ['line ends and tabs', 'a\r\nb\tc\rd\n', 'a\r\nb\tc\rd\n'],
    ['colours', '\u001B[31mred\u001B[0m', 'red'],
    ['what reorders or hides text, written out', 'a\u202Eb\u2066c\u200Bd', 'a\\u{202e}b\\u{2066}c\\u{200b}d'],
  ])('keeps %s', (_, text, kept) => {
    expect(read(text)).toEqual({ message: kept, text: kept })
  })

  it('is well-formed whatever the texts hold', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code))
    const markup = fc.constantFrom(']]>', '<', '&', '"', '\u001B', '\u0000', '\r', '\uD800', '\uDC00', '-->')
    const text = fc.string({ unit: fc.oneof(unit, markup) })
    fc.assert(fc.property(text, given => typeof read(`${given}.`).message === 'string'))
  })
})

/** What a strict parser reads of a text that stands in an attribute and in an element. Throws when the document is not well-formed. */
function read(text: string): { message: string; text: string } {
  const found = { message: '', text: '' }
  let inside = false
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    inside = name === 'failure'
    if (inside) found.message = String(attributes.message)
  })
  parser.on('closetag', () => {
    inside = false
  })
  parser.on('text', part => {
    if (inside) found.text += part
  })
  parser
    .write(
      writeJunit({ name: text, suites: [{ name: text, cases: [{ name: text, failure: { message: text, text } }] }] }),
    )
    .close()
  return found
}

it.each([[{ name: 'all', suites: [] }], [{ name: 'all', suites: [{ name: 'one', cases: [] }] }]])(
  'a report of nothing has a case that is skipped: %j',
  report => {
    const text = writeJunit(report)
    expect(text).toContain('<testsuites name="all" tests="1" failures="0" errors="0" skipped="1" time="0">')
    expect(text).toContain('Nothing was tried')
  },
)

it.each([-3, -0.001, Number.NaN, Number.POSITIVE_INFINITY])('a time of %s is none below nothing', seconds => {
  const text = writeJunit({
    name: 'r',
    suites: [
      {
        name: 's',
        cases: [
          { name: 'c', seconds },
          { name: 'd', seconds: 2 },
        ],
      },
    ],
  })
  expect(text).toContain('<testcase name="c" classname="s" time="0"/>')
  expect(text).toContain('time="2"')
  expect(text).not.toMatch(/time="(?:-|NaN|Infinity)/)
})

it('what a terminal would obey is shown', () => {
  const output = '\u001b[31mred\u001b[0m\u001b[2Jgone\u009b2J'
  const text = writeJunit({ name: 'r', suites: [{ name: 's', cases: [{ name: 'c', output }] }] })
  expect(text).toContain('<system-out>red␛[2Jgone\uFFFD2J</system-out>')
})
