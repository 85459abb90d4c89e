import fc from 'fast-check'
import { expect } from 'vitest'
import { findSyntaxErrors } from '../../../src/lint/shell/bash-syntax.ts'

/** Each is half of something: with the right neighbour it would pass. */
export const HALVES = [
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
/** Each passes alone. */
export const WHOLE = [
  'echo done',
  'for i in 1 2; do echo "$i"; done',
  'cat <<A\ntext\nA',
  'case x in x) echo "x" ;; esac',
  'f() { :; }',
]

/** Expects of scripts that are tried together what each of them is found to have alone. */
export async function expectAloneAsTogether(options: { numRuns: number; examples?: [string[]][] }): Promise<void> {
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
    options,
  )
}
