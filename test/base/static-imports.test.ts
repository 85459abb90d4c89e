import { describe, expect, it } from 'vitest'
import { endOfImports, makeImportsDynamic } from '../../src/base/index.ts'
import { LONG_BEGINNINGS } from './long-beginnings.ts'

describe('static imports at the beginning of a block', () => {
  it.each([
    ["import 'a'\nx", "await import('a');\nx"],
    ["import a from 'a'; x", "const { default: a } = await import('a'); x"],
    ['import { a, b as c } from "a"\nx', 'const { a, b: c } = await import("a");\nx'],
    ["import d, { a } from 'a'\nx", "const { default: d, a } = await import('a');\nx"],
    ["import * as n from 'a'\nx", "const n = await import('a');\nx"],
    ["import d, * as n from 'a'\nx", "const n = await import('a'), { default: d } = n;\nx"],
    ["import type { T } from 'a'\nx", ';\nx'],
    ["import type T from 'a'\nx", ';\nx'],
    ["import { type T, a } from 'a'\nx", "const { a } = await import('a');\nx"],
    ["import { type T } from 'a'\nx", ';\nx'],
    ["import type from 'a'\nx", "const { default: type } = await import('a');\nx"],
    [
      "import a from 'a' with { type: 'json' }\nx",
      "const { default: a } = await import('a', { with: { type: 'json' } });\nx",
    ],
    ["import {\n  a, // one\n  b,\n} from 'a'\nx", "const { a, b } = await import('a');\n\n\n\nx"],
    [
      "// first\n/* and\nmore */ import a from 'a'\n\nimport b from 'b'\nx",
      "// first\n/* and\nmore */ const { default: a } = await import('a');\n\nconst { default: b } = await import('b');\nx",
    ],
  ])('become dynamic: %j', (code, expected) => {
    expect(makeImportsDynamic(code)).toBe(expected)
    expect(makeImportsDynamic(code).split('\n')).toHaveLength(code.split('\n').length)
    expect(code.slice(endOfImports(code)).trim()).toBe('x')
  })

  it.each([
    "const a = await import('a')",
    "import('a')",
    'import.meta',
    "x\nimport a from 'a'",
    '',
    '// import',
    'imports()',
  ])('are not seen in %j', code => {
    expect(makeImportsDynamic(code)).toBe(code)
    expect(endOfImports(code)).toBe(0)
  })

  it.each(LONG_BEGINNINGS)('end at once where none is whole, however long the beginning is', code => {
    expect(endOfImports(code)).toBe(0)
  })
})
