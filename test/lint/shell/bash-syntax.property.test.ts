import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findSyntaxErrors } from '../../../src/lint/shell/bash-syntax.ts'

/** Each is half of something: with the right neighbour it would pass. */
const HALVES = [
  "echo '",
  'echo "',
  'x=`',
  '(',
  ')',
  '{ :',
  '}',
  '} ; {',
  ': ) ; ( :',
  'if true; then',
  'fi',
  'while true; do',
  'done',
  'case x in',
  'x) ;;',
  'esac',
  '[[ a ==',
  'b ]]',
  'true &&',
  'true |',
  'cat <<A',
  "cat <<'#'",
  'A',
  'echo $(',
  'echo ${a',
  'echo $((1',
  '))',
  'f()',
  'echo \\',
  'echo "$(echo \'',
  "echo $'",
  ';;',
  '!',
  '#',
  '',
]
const WHOLE = [
  'echo done',
  'for i in 1 2; do echo "$i"; done',
  'cat <<A\ntext\nA',
  'case x in x) echo "x" ;; esac',
  'f() { :; }',
]

it('finds in scripts that are tried together what it finds in each alone', async () => {
  const fragments = [...HALVES, ...WHOLE]
  const alone = new Map<string, unknown>()
  for (const fragment of fragments) alone.set(fragment, (await findSyntaxErrors([fragment]))[0])
  expect([...alone].filter(([, error]) => error === undefined).map(([text]) => text)).toEqual(
    expect.arrayContaining(WHOLE),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...fragments), { minLength: 2, maxLength: 6 }), async scripts => {
      expect(await findSyntaxErrors(scripts)).toEqual(scripts.map(script => alone.get(script)))
    }),
    { numRuns: 1500, examples: HALVES.flatMap(first => HALVES.map(second => [[first, second]] as [string[]])) },
  )
}, 300_000)

it('tells the same line of a mistake among many scripts', async () => {
  const scripts = Array.from({ length: 200 }, (_, index) =>
    index === 150 ? 'echo one\nif true\necho two' : 'echo "ok"',
  )
  const errors = await findSyntaxErrors(scripts)
  expect(errors.flatMap((error, index) => (error ? [[index, error.line]] : []))).toEqual([[150, 3]])
})
