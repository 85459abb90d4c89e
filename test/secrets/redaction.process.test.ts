import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepareRedaction } from '../../src/secrets/redaction.ts'
import { AWKWARD_SECRETS } from './awkward-secrets.ts'
import { SPELLINGS } from './spellings.ts'

const secrets = Object.entries(AWKWARD_SECRETS)
const redaction = prepareRedaction(Object.values(AWKWARD_SECRETS))

/** What is left of a text when it is printed in these pieces, and in the streams that the pieces are given to. */
function show(text: string, cuts: readonly number[], streams: readonly ('stdout' | 'stderr')[] = ['stdout']): string {
  const redactor = redaction.streams()
  const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
  const shown = places.slice(1).flatMap((end, index) => {
    return redactor.push(streams[index % streams.length] ?? 'stdout', text.slice(places[index], end))
  })
  return [...shown, ...redactor.flush()].map(piece => piece.text).join('')
}

test('there are twenty secrets', () => expect(secrets).toHaveLength(20))

describe.each(secrets)('a secret, %s', (_, secret) => {
  test.each(Object.entries(SPELLINGS))('%s: nothing of it is shown, however it is cut', (_, spell) => {
    const spelt = spell(secret)
    const text = `before it ${spelt} between ${spelt} after`
    const whole = show(text, [])
    const mine = spell('')
    // Nothing is left but what the spelling itself adds, and the few bits that base64 mixes with its surroundings.
    const rest = whole.replaceAll('[redacted]', '').replaceAll(/before it|between|after/g, '')
    expect(rest.length, whole).toBeLessThanOrEqual(2 * mine.length + 24 + (spelt.length - secret.length > 3 ? 24 : 0))
    expect(whole).toContain('[redacted]')
    expect(whole).not.toContain(secret)
    expect(whole).not.toContain(spelt)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), cuts => {
        expect(show(text, cuts)).toBe(whole)
      }),
      { numRuns: 1 },
    )
  })

  test('split between both streams', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(secret.length), { minLength: 1, maxLength: 5 }), cuts => {
        const shown = show(
          `say ${secret}!`,
          cuts.map(cut => cut + 4),
          ['stdout', 'stderr'],
        )
        // What waits for more of its stream may be overtaken by the other one.
        const rest = shown.replaceAll('[redacted]', '')
        expect(rest, shown).toMatch(/^[say !]*$/)
        expect(rest.length, shown).toBeLessThanOrEqual('say !'.length)
      }),
      { numRuns: 50 },
    )
  })

  test('in a file', () => {
    const redactor = redaction.bytes()
    const bytes = Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from(`a ${secret} b`), Buffer.from([128])])
    const shown = [...redactor.push('stdout', bytes.toString('latin1')), ...redactor.flush()]
    const clean = Buffer.from(shown.map(({ text }) => text).join(''), 'latin1')
    expect(clean).toEqual(
      Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from('a [redacted] b'), Buffer.from([128])]),
    )
  })
})

test('what is no secret stays as it is, and in its order', () => {
  const { streams } = prepareRedaction(['a-very-special-secret', "it's"])
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.string())), pieces => {
      const redactor = streams()
      const shown = [...pieces.flatMap(([stream, text]) => redactor.push(stream, text)), ...redactor.flush()]
      for (const stream of ['stdout', 'stderr'] as const) {
        const given = pieces.flatMap(([name, text]) => (name === stream ? text : '')).join('')
        expect(shown.flatMap(piece => (piece.stream === stream ? piece.text : '')).join('')).toBe(given)
      }
    }),
  )
})

test('the lines of a secret are secrets, too, but not those that any key has', () => {
  const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nAg==\n-----END KEY-----'
  const { text } = prepareRedaction([key])
  expect(text('  MIIEvQIBADANBgkqh\n-----END KEY-----')).toBe('  [redacted]\n-----END KEY-----')
  expect(text('  Ag==\n-----END KEY-----')).toBe('  [redacted]\n-----END KEY-----')
})

test('secrets that overlap are hidden as one', () => {
  expect(prepareRedaction(['abcdef', 'defghi']).text('x abcdefghi y')).toBe('x [redacted] y')
})

test('values are redacted in keys, texts and numbers, at any depth', () => {
  const { value } = prepareRedaction(['hidden', '4711'])
  expect(value({ a: ['x hidden y', 3, 4711, null, true], hidden: { b: 'hidden' } })).toEqual({
    a: ['x [redacted] y', 3, '[redacted]', null, true],
    '[redacted]': { b: '[redacted]' },
  })
})

test('the beginning of a secret that was cut off is hidden, but not what only ends alike', () => {
  const { streams } = prepareRedaction(['a-very-special-secret'])
  const show = (text: string, cut: boolean) => {
    const redactor = streams()
    return [...redactor.push('stdout', text), ...redactor.flush(cut)].map(piece => piece.text).join('')
  }
  expect(show('x a-very-special', true)).toBe('x [redacted]')
  expect(show('x a-very-special', false)).toBe('x a-very-special')
  expect(show('x a-very-s', true)).toBe('x [redacted]')
  expect(show('that was a-ver', true)).toBe('that was a-ver')
})

test('one stream does not wait for the other', () => {
  const redactor = prepareRedaction(['secret-1']).streams()
  expect(redactor.push('stdout', 'Are you s')).toEqual([{ stream: 'stdout', text: 'Are you ' }])
  expect(redactor.push('stderr', 'a log line\n')).toEqual([{ stream: 'stderr', text: 'a log line\n' }])
  expect(redactor.push('stdout', 'ure?')).toEqual([{ stream: 'stdout', text: 'sure?' }])
})

test('nothing of much text is lost', () => {
  const redactor = redaction.streams()
  const chunk = 'an ordinary line of a log, with numbers 12345 and "quotes": /path/to/file?x=1&y=2\n'.repeat(800)
  let length = 0
  for (let at = 0; at < 160; at++) for (const { text } of redactor.push('stdout', chunk)) length += text.length
  for (const { text } of redactor.flush()) length += text.length
  expect(length).toBe(160 * chunk.length)
})

test.each([
  ['one letter', 'a'.repeat(800), 'a'.repeat(20_000)],
  ['backslashes', '\\'.repeat(100), '\\'.repeat(3_000)],
  ['quoted spaces', ' a'.repeat(400), ' \\a'.repeat(3_000)],
])('text that nearly repeats a secret is searched through once: %s', (_, secret, text) => {
  expect(prepareRedaction([secret]).text(text)).toBe('[redacted]')
})
