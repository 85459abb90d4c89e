import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judgeRules } from '../../src/alerts/index.ts'
import { findProgram } from '../../src/base/index.ts'
import { requires } from '../environment/requires.ts'

const judge = (content: string, file = 'a.yaml') => judgeRules([{ content, file }], true)
const rule = (field: string) => `groups:\n- name: g\n  rules:\n  - alert: A\n    ${field}\n`

test('where promtool is not asked, that is said, and expressions are not judged', async () => {
  const read = await judgeRules([{ content: rule('expr: rate(x)'), file: 'a.yaml' }], false)
  expect(read).toMatchObject({
    rules: [{ alert: 'A' }],
    problems: [],
    unjudged: expect.stringMatching(/^promtool is not/),
  })
  expect(await judgeRules([], false)).toEqual({ rules: [], problems: [] })
})

test('promtool that cannot be asked is an error', async () => {
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    const { rules, problems } = await judge(rule('expr: up'))
    expect(rules).toMatchObject([{ alert: 'A' }])
    expect(problems).toMatchObject([
      { severity: 'error', message: expect.stringContaining('promtool could not be asked') },
    ])
  } finally {
    process.env.PATH = path
  }
})

describe.runIf(requires('the verdict of promtool on rule files', ['promtool']))('promtool', () => {
  test('that crashes on a file is asked again without it, and the file is named', async () => {
    // It is the real one, up to the file that it is to crash on.
    const folder = mkdtempSync(join(tmpdir(), 'handbook-promtool-'))
    const path = process.env.PATH
    const real = findProgram(['promtool'], path)
    const script = `#!/bin/bash
files=()
for word in "\${@:4}"; do
  if grep -q CRASH "$word"; then
    [ \${#files[@]} -gt 0 ] && ${real} check rules --lint=none "\${files[@]}"
    echo "Checking $word"
    echo "panic: runtime error: index out of range" >&2
    exit 2
  fi
  files+=("$word")
done
exec ${real} "$@"
`
    writeFileSync(join(folder, 'promtool'), script, { mode: 0o755 })
    process.env.PATH = `${folder}:${path}`
    try {
      const files = ['up', 'rate(x)', 'up # CRASH', 'sum(', 'up'].map((expr, index) => ({
        content: rule(`expr: "${expr}"`),
        file: `${index}.yaml`,
      }))
      const { problems } = await judgeRules(files, true)
      expect(problems.map(({ file, message }) => `${file} ${message}`)).toEqual([
        expect.stringMatching(/^1\.yaml promtool refuses `A`/),
        '2.yaml promtool gave no verdict on this file: it crashed',
        expect.stringMatching(/^3\.yaml promtool refuses `A`/),
      ])
    } finally {
      process.env.PATH = path
      rmSync(folder, { recursive: true })
    }
  })

  test.each([
    ['groups: [{ name: g }, { name: g }]', 1, 23, 'promtool refuses the file: groupname: "g" is repeated'],
    [rule('expr: rate(x)'), 5, 11, 'promtool refuses `A`: could not parse expression: 1:6: parse error: expected type'],
    [rule('expr: up\n    for: 5'), 6, 10, 'promtool refuses the file: not a valid duration string: "5"'],
    [rule('expr: up\n    annotations: { s: x, t: "{{" }'), 6, 26, 'promtool refuses `A`: annotation "t": template'],
    [rule('expr: up\n    labels:\n      __name__: x'), 7, 7, 'promtool refuses `A`: invalid label name: __name__'],
    [
      'groups: [{ name: g, rules: [{ record: a, expr: x, for: 5m }] }]',
      1,
      39,
      "promtool refuses `a`: invalid field 'for'",
    ],
    ['groups: [{ name: g, limit: many }]', 1, 1, 'promtool refuses the file: cannot unmarshal !!str `many` into int'],
    [rule('alrt: x'), 5, 5, 'there is no field `alrt` in a rule'],
    [
      'apiVersion: v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: g\n    rules:\n    - alert: A\n      expr: (',
      8,
      13,
      'promtool refuses `A`',
    ],
    [
      'namespace: n\ngroups:\n- name: g\n  query_offset: 1m\n  rules:\n  - alert: A\n    expr: (',
      7,
      11,
      'promtool refuses `A`',
    ],
  ])('refuses %j at its place', async (text, line, column, message) => {
    const errors = (await judge(text)).problems.filter(({ severity }) => severity === 'error')
    expect(errors[0]).toMatchObject({ line, column })
    expect(errors[0]?.message).toContain(message)
  })

  test('judges many files at once, each by itself', async () => {
    const contents = [rule('expr: up'), rule('expr: ('), 'groups: [', rule('expr: up')]
    const { rules, problems } = await judgeRules(
      contents.map((content, index) => ({ content, file: `-${index}: a.yaml` })),
      true,
    )
    expect(rules.map(({ file }) => file[1])).toEqual(['0', '1', '3'])
    expect(problems.map(({ file, rule }) => `${file[1]} ${rule}`)).toEqual(['1 rules-shape', '2 rules-yaml'])
  })

  test.each([
    [
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: |\n          sum(rate({app="x"} |= "error" | json [1m])) > 1\n',
      /^these are rules of Loki/,
    ],
    [
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: rate(x[5m]) keep_metric_names > 1\n      - alert: B\n        expr: median_over_time(x[5m]) > 1\n',
      /^these are rules of VictoriaMetrics/,
    ],
    [
      'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: |\n          up > {{ .Values.most }}\n',
      /^this is a Helm template/,
    ],
  ])('%j is named for what it is, once', async (text, message) => {
    const { rules, problems } = await judge(text)
    expect(rules).toEqual([])
    expect(problems).toMatchObject([{ severity: 'error', message: expect.stringMatching(message) }])
  })

  test('Helm is no excuse for a mistake elsewhere', async () => {
    const text = `# {{ .Values.x }}\n${rule('expr: rate(x)\n    annotations: { s: "{{ .Values.x }}" }')}`
    expect((await judge(text)).problems).toMatchObject([
      { line: 6, message: expect.stringContaining('instant vector') },
    ])
  })

  test.each([
    ['expr: mad_over_time(x[5m]) > 1', 'the function mad_over_time'],
    ['expr: limitk(3, up)', 'the function limitk'],
    ['expr: \'{"a.b", job="x"}\'', 'a name in quotes'],
    ['expr: \'sum by ("a.b") (up)\'', 'a name in quotes'],
    ['expr: rate(x[300])', 'a duration without a unit'],
    ['expr: up\n    labels: { a.b: c }', 'the name `a.b`'],
  ])('that is too old for it warns of %s', async (field, what) => {
    const { rules, problems } = await judge(rule(field))
    expect(rules).toHaveLength(1)
    const message = expect.stringMatching(
      new RegExp(`^${what} is newer than Prometheus \\d+\\.\\d+, which refuses the file$`),
    )
    expect(problems).toMatchObject([{ severity: 'warning', message }])
  })

  test('takes what only the YAML library cannot read, and that is an error of ours', async () => {
    const { problems } = await judge(rule('expr: up\n    labels: {\na: b }'))
    const message = expect.stringContaining('Prometheus reads this, and the handbook does not')
    expect(problems).toMatchObject([{ rule: 'rules-yaml', severity: 'error', message }])
  })
})
