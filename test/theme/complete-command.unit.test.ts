import { expect, it } from 'vitest'
import { completeCommand } from '../../src/theme/Procedure/complete-command.ts'

it.each([
  ['names no environment where there is one', [], {}, 'npx handbook run x'],
  ['asks for one where there are several', ['staging', 'production'], {}, 'npx handbook run x --env ENV'],
  [
    'names the one that was chosen',
    ['staging', 'production'],
    { '--env': 'staging' },
    'npx handbook run x --env staging',
  ],
  [
    'leaves out what is empty, and quotes what a shell would read',
    [],
    { a: '', b: "it's", c: '6h' },
    `npx handbook run x --param 'b=it'\\''s' --param c=6h`,
  ],
])('%s', (_, environments, given, whole) => {
  expect(completeCommand('npx handbook run x', new Map(Object.entries(given)), environments)).toBe(whole)
})
