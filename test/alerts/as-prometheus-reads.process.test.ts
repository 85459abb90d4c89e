import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeRules, readRules } from '../../src/alerts/index.ts'
import type { Problem } from '../../src/base/index.ts'
import { requires } from '../environment/requires.ts'
import { expression, template } from './expression-texts.ts'
import { brokenFile, type Chance, fileOfFields, seeded } from './rule-texts.ts'

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
  .map(({ value, map, field, rule, file }) => file(rule(`    ${field}:${map(value)}`)))

/** How a kind of text is put into a file of rules. */
const inRule = (field: string) => `groups:\n- name: g\n  rules:\n  - alert: A\n    ${field}\n`
const KINDS: Readonly<Record<string, (chance: Chance) => string>> = {
  'a form of YAML': ({ next }) => fc.sample(texts, { numRuns: 1, seed: Math.floor(next() * 2 ** 31) })[0] ?? '',
  'an accident in YAML': brokenFile,
  'fields and values': fileOfFields,
  PromQL: chance => inRule(`expr: ${JSON.stringify(expression(chance))}`),
  templates: chance => inRule(`expr: up\n    annotations: { s: ${JSON.stringify(template(chance) || 'x')} }`),
}

describe.runIf(requires('what Prometheus makes of a rule file', ['promtool']))('promtool and we agree', () => {
  test.for(Object.keys(KINDS))('on %s', async kind => {
    const make = KINDS[kind]
    if (!make) throw new Error(kind)
    const first = fc.sample(fc.nat(), 1)[0] ?? 0
    const files = Array.from({ length: 300 }, (_, index) => ({
      text: make(seeded(first + index)),
      file: `${index}.yaml`,
    }))
    const said = await askPromtool(files)
    const accepted = files.filter(({ file }) => said.get(file)?.length === 0)
    expect(accepted.length, `seed ${first}`).toBeGreaterThan(10)
    expect(accepted.length, `seed ${first}`).toBeLessThan(files.length)
    const { problems } = await judgeRules(
      files.map(({ text, file }) => ({ content: text, file })),
      true,
    )
    for (const { text, file } of files) {
      const theirs = said.get(file)
      // promtool itself breaks at some files, and says nothing more.
      if (theirs === undefined) continue
      const ours = problems.filter(problem => problem.file === file && isRefusal(problem))
      const told = `${text}\n${theirs.join('\n')}\n${ours.map(({ message }) => message).join('\n')}`
      expect(ours.length > 0, told).toBe(theirs.length > 0)
      // What the YAML library cannot read, it says so; all else that it reads has to be right.
      const alone = readRules(text, file).problems.filter(
        problem => isRefusal(problem) && problem.rule !== 'rules-yaml',
      )
      if (theirs.length === 0) expect(alone, `without promtool: ${told}`).toEqual([])
      // A file of something else is named once, not once a field.
      if (ours.some(({ message }) => /^(?:th(?:is|ese) |a rule file has a list)/.test(message))) continue
      for (const line of theirs.flatMap(namedLines))
        expect(
          ours.map(problem => problem.line),
          told,
        ).toContain(line)
    }
  })

  test.each([
    ['UTF-16, little end first', Buffer.from('\ufeffgroups: []\n', 'utf16le'), 0],
    ['UTF-16, big end first', Buffer.from('\ufeffgroups: [{ name: é }]\n', 'utf16le').swap16(), 0],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffgroups: []\n'), 0],
    ['UTF-16 without one', Buffer.from('groups: []\n', 'utf16le'), 1],
    ['Latin-1', Buffer.from('groups: [{ name: é }]\n', 'latin1'), 1],
    ['half a surrogate', Buffer.from('\ufeffgroups: [{ name: \ud800 }]\n', 'utf16le'), 1],
  ] as const)('on %s', async (_, content, wrong) => {
    const said = await askPromtool([{ text: content, file: '0.yaml' }])
    expect(said.get('0.yaml')?.length === 0).toBe(wrong === 0)
    const { problems } = await judgeRules([{ content, file: '0.yaml' }], true)
    expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(wrong)
  })
})

/** A file that Prometheus 2.42 refuses because of what others or newer versions have is a warning. */
function isRefusal({ severity, message }: Problem): boolean {
  if (message.includes('the handbook does not')) return false
  return severity === 'error' || /newer than Prometheus|Prometheus refuses the file/.test(message)
}

/** The lines that an error of promtool names truly: those of a syntax error are the parser's, counted in several ways. */
function namedLines(error: string): number[] {
  const lines = [
    ...error.matchAll(/^ {2}line (\d+): (?!field \w+ already set)/gm),
    ...error.matchAll(/^(?!0:)(\d+):\d+: group /g),
  ]
  return lines.map(([, line]) => Number(line))
}

/** What promtool has against each file; nothing for a file that it did not get to. */
async function askPromtool(
  files: readonly { readonly text: string | Uint8Array; readonly file: string }[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'))
  try {
    await Promise.all(files.map(({ text, file }) => writeFile(join(folder, file), text)))
    const names = files.map(({ file }) => file)
    const said = await promisify(execFile)('promtool', ['check', 'rules', '--lint=none', ...names], {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { stdout: string; stderr: string }) => error)
    const accepted = said.stdout.split(/^Checking /m).filter(text => /^ {2}SUCCESS/m.test(text))
    const errors = said.stderr.split(/\n(?=\d+\.yaml: | {2}FAILED)/).flatMap(text => {
      const [, file = '', error = ''] = /^(\d+\.yaml): (.*)/s.exec(text) ?? []
      return file === '' ? [] : [{ file, error }]
    })
    return new Map<string, readonly string[]>([
      ...accepted.map(text => [text.slice(0, text.indexOf('\n')), []] as const),
      ...[...new Set(errors.map(({ file }) => file))].map(
        name => [name, errors.filter(({ file }) => file === name).map(({ error }) => error)] as const,
      ),
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
}
