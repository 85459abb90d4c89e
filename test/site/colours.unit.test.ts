import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Text and the grounds that it stands on, by the names of the style sheets. */
const PAIRS: readonly [string, readonly string[]][] = [
  ['--ifm-font-color-base', ['--ifm-background-color', '--hb-raised', '--hb-sunken']],
  ['--hb-quiet', ['--ifm-background-color', '--hb-raised', '--hb-sunken']],
  ['--ifm-color-primary', ['--ifm-background-color', '--hb-raised', '--hb-sunken']],
  ['--hb-good', ['--hb-good-ground', '--ifm-background-color', '--hb-raised']],
  ['--hb-warn', ['--hb-warn-ground', '--ifm-background-color']],
  ['--hb-bad', ['--hb-bad-ground', '--hb-raised']],
  ['--hb-calm', ['--hb-calm-ground', '--ifm-background-color']],
  ['--hb-code', ['--hb-code-ground']],
  ['--hb-code-quiet', ['--hb-code-ground']],
  ['--hb-code-word', ['--hb-code-ground']],
  ['--hb-code-text', ['--hb-code-ground']],
  ['--hb-code-name', ['--hb-code-ground']],
]

const sheets = ['site.css', 'code.css'].map(name => readFileSync(`src/css/${name}`, 'utf8'))

// WCAG 2.2, 1.4.3: 4.5 to 1 for text of normal size.
describe.each([':root', '[data-theme="dark"]'])('%s', selector => {
  const block = sheets.map(css => css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '').join('')
  const colours = new Map(
    [...block.matchAll(/(--[\w-]+): (#\w+);/g)].map(([, name = '', colour = '']) => [name, colour]),
  )

  it.each(PAIRS)('%s is read on its grounds', (text, grounds) => {
    for (const ground of grounds) {
      expect(contrast(colours.get(text), colours.get(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })
})

function contrast(one: string | undefined, other: string | undefined): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance of `#rgb` or `#rrggbb`, as WCAG defines it. */
function luminance(colour: string | undefined): number {
  const hex = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(colour ?? '')?.[1]
  if (!hex) throw new Error(`${colour} is no colour`)
  const digits = hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map(at => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
