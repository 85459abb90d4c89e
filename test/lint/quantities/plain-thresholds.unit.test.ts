import { expect, it } from 'vitest'
import { listPlainThresholds } from '../../../src/lint/quantities/plain-thresholds.ts'

function find(code: string): (readonly [line: number, column: number, text: string])[] {
  const lines = code.split('\n').map((_, at) => ({ line: at + 10, column: 3 }))
  return listPlainThresholds({ code, lines }).map(({ line, column, text }) => [line, column, text])
}

it.each([
  ['a test of the shell', '[ "$free" -lt 15 ]', [10, 17, '15']],
  ['a comparison', 'if (felt >= 0.05) return', [10, 15, '0.05']],
  ['a product', 'if (waited > 30 * 60) return', [10, 16, '30 * 60']],
  ['a number with separators', 'if (dead < 10_000) return', [10, 14, '10_000']],
  ['one in a query', "\n'lag > 60'", [11, 10, '60']],
  ['one in a sum', '[ "$end" -gt $(($(date +%s) + 14 * 86400)) ]', [10, 33, '14 * 86400']],
  ['one in awk', "awk 'BEGIN { exit !(took > 0.2) }'", [10, 30, '0.2']],
])('finds %s', (_, code, found) => {
  expect(find(code)).toEqual([found])
})

it.each([
  ['a number with a mark', 'if (felt >= 0.05 /* =failing */) return'],
  ['a product with a mark', 'if (waited > 30 * 60 /* =waits */) return'],
  ['a line of bash with a mark', '[ "$free" -lt 15 ] # =storage-low'],
  ['none, one and two', 'if (a > 0 || b >= 1 || c < 2) return'],
  ['a sum that is compared with nothing', 'until=$(($(date +%s) + 300))'],
  ['a parameter', '[ "$free" -lt "$LEAST" ]'],
  ['rounds', 'for (let look = 0; look < 10; look++) {'],
  ['rounds of bash', 'while [ "$quiet" -lt 3 ]; do'],
  ['a status', 'if (status >= 500) return'],
  ['an exit code', 'if [ "$ended" -gt 3 ]; then exit; fi'],
  ['a comment', '# more than > 15'],
  ['a redirection', 'echo "$text" >&2; df > /dev/null 2>&1'],
  ['an arrow', 'const five = () => 5'],
  ['a shift', 'const many = 1 << 20'],
  ['a word that begins with a number', 'if (at < 3rd) return'],
])('leaves alone %s', (_, code) => {
  expect(find(code)).toEqual([])
})
