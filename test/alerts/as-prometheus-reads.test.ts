import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'
import { requires } from '../environment/requires.ts'

/** Values of a map of texts, each in some form of YAML. */
const VALUES = [
  'x', '7', '1.50', '0x1F', '010', '.inf', '1_000', 'true', 'yes', 'null', '~', '', '2020-01-01', '"x"', "'x'", '"\\u00e9\\x41"',
  "'it''s'", '!!str 7', '!!int "7"', '!!binary aGk=', '!mine x', '&a x', 'a: b', '"a: b"', 'b# c', '"b"# c', '@x', '`x`', '%x', '- x',
  '{{ $value }}', '"{{ $value }}"', '[a]', '{ a: b }', '"\\q"', '"x" y', '"x\n    y"', "'x\ny'", "'x\n\n  y'", '"x\\\n y"', 'x\n        y',
  'x\ny', '|\n        a', '|-\n        a\n          b', '>+\n        a\n\n        b\n', '|2\n        a', '|\n      a', '|', '*none', 'x\u00a0y', '🔥',
] as const // biome-ignore format: a table
/** How a map of one entry is written below a rule. */
const MAPS = [
  (value: string) => `\n      a: ${value}`,
  (value: string) => `\n      ? a\n      : ${value}`,
  (value: string) => `\n      "a": ${value}`,
  (value: string) => ` { a: ${value} }`,
  (value: string) => ` {"a":${value}}`,
  (value: string) => ` {\na: ${value},\n}`,
  (value: string) => ` {\n\ta: ${value}\n  }`,
  (value: string) => ` &m { a: ${value} } # c`,
  (value: string) => ` { <<: { a: ${value} } }`,
  (value: string) => ` { <<: [{ a: ${value} }, { b: c }], d: e }`,
  () => '',
  () => ' ~',
  () => ' {}',
  () => ' { a }',
  () => ' { a: b, a: c }',
  () => ' []',
] as const
const FIELDS = ['labels', 'annotations'] as const
const RULES = [
  (fields: string) => `  - alert: A\n    expr: up == 0\n${fields}`,
  (fields: string) => `  - expr: |\n      up\n      == 0\n    alert: 'A'\n${fields}`,
  (fields: string) => `  - alert: A\n    expr: &e up\n${fields}\n  - record: b\n    expr: *e`,
  (fields: string) => `  - &r\n    alert: A\n    expr: up\n${fields}\n  - <<: *r\n    alert: B\n  - *r`,
  (fields: string) => `  -\n  - alert: A\n    expr: 1\n${fields}\n    for: 0\n    keep_firing_for: 1h30m`,
  (fields: string) => `  - alert: A\n    expr: up\n${fields}\n    for: 5`,
  (fields: string) => `  - alert: A\n    record: b\n    expr: up\n${fields}`,
  (fields: string) => `  - alert: A\n${fields}`,
] as const
const FILES = [
  (rules: string) => `groups:\n- name: g\n  rules:\n${rules}\n`,
  (rules: string) => `%YAML 1.1\n---\ngroups:\n- interval: 1m\n  limit: 3\n  name: 7\n  rules:\n${rules}\n...\n`,
  (rules: string) => `# c\n\n"groups":\n- name: g\n  rules:\n${rules}\n---\ngroups: []\n`,
  (rules: string) => `\ufeffgroups:\n- name: g\n  rules:\n${rules}\n- name: h\n  rules:\n-\n`,
  (rules: string) => `groups: [\n]\n#${rules.replaceAll('\n', '\n#')}`,
  (rules: string) => `groups:\n- name: g\n  rules:\n${rules}\n`.replaceAll('\n', '\r\n'),
  (rules: string) => `groups:\n- name: g\n  rules:\n${rules}\n`.replaceAll('\n', '\r'),
] as const

const texts = fc
  .record({
    value: fc.constantFrom(...VALUES),
    map: fc.constantFrom(...MAPS),
    field: fc.constantFrom(...FIELDS),
    rule: fc.constantFrom(...RULES),
    file: fc.constantFrom(...FILES),
  })
  // Bare text in braces that goes on at the left edge is read by Prometheus, and not by js-yaml.
  .filter(({ value, map }) => value !== 'x\ny' || !map('').includes('{'))
  .map(({ value, map, field, rule, file }) => file(rule(`    ${field}:${map(value)}`)))

test.runIf(requires('what Prometheus makes of a rule file', ['promtool']))(
  'whatever promtool accepts is read without an error',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rules-'))
    const files = fc
      .sample(texts, { numRuns: 400 })
      .map((text, index) => ({ text, file: join(folder, `${index}.yaml`) }))
    try {
      await Promise.all(files.map(({ text, file }) => writeFile(file, text)))
      const accepted = await askPromtool(files.map(({ file }) => file))
      expect(accepted.size).toBeGreaterThan(20)
      expect(accepted.size).toBeLessThan(files.length)
      for (const { text, file } of files) {
        const errors = readRules(text, file).problems.filter(({ severity }) => severity === 'error')
        if (accepted.has(file)) expect(errors, text).toEqual([])
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)

async function askPromtool(files: readonly string[]): Promise<ReadonlySet<string>> {
  const options = { maxBuffer: 64 * 1024 * 1024 }
  const said = await promisify(execFile)('promtool', ['check', 'rules', '--lint=none', ...files], options).catch(
    (error: { stdout: string }) => error,
  )
  const verdicts = said.stdout.split(/^Checking /m).slice(1)
  return new Set(verdicts.filter(text => /^ {2}SUCCESS/m.test(text)).map(text => text.slice(0, text.indexOf('\n'))))
}
