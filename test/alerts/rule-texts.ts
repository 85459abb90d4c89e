/** A source of chance that a seed repeats. */
export interface Chance {
  /** Below 1. */
  next(): number
  pick<T>(from: readonly T[]): T
}

/** The same seed gives the same texts. */
export function seeded(seed: number): Chance {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const pick = <T>(from: readonly T[]): T => {
    const found = from[Math.floor(next() * from.length)]
    if (found === undefined) throw new Error('nothing to pick from')
    return found
  }
  return { next, pick }
}

/** Good files in every form of YAML. */
const FILES = [
  'groups:\n- name: g\n  interval: 1m\n  rules:\n  - alert: A\n    expr: up == 0\n    for: 5m\n    labels:\n      severity: page\n    annotations:\n      summary: "x {{ $value }}"\n  - record: a:b\n    expr: sum(up)\n',
  '# c\ngroups:\n  - name: "g"\n    rules:\n      - alert: \'A\'\n        expr: |\n          up\n            == 0\n        labels: { a: b, "c": \'d\' }\n        annotations:\n          ? summary\n          : >-\n            some\n            text\n\n            more\n      - {record: r, expr: "up"}\n  - name: h\n    rules: []\n',
  '{"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up", "labels": {"a": "b"}}, {"record": "r", "expr": "1"}]}]}\n',
  '---\ngroups:\n- &g\n  name: g\n  rules:\n  - &r\n    alert: A\n    expr: &e up\n    labels: &l\n      a: b\n  - <<: *r\n    alert: B\n  - alert: C\n    expr: *e\n    labels:\n      <<: *l\n      c: d\n...\n',
  "groups: [\n  {\n    name: g,\n    rules: [\n      { alert: A, expr: up, for: 1m, },\n      { record: r, expr: 'up' }\n    ]\n  }\n]\n---\ngroups: []\n",
  "%YAML 1.1\n---\ngroups:\n-\n  name: g # c\n  limit: 3\n\n  rules:\n\n  -\n    alert: A\n    expr: >\n      up\n    annotations:\n      s: 'it''s\n        two lines'\n      t: plain\n        goes on\n      u: \"a\\\n        b\\n\\x41\\u00e9\"\n",
] as const
// biome-ignore format: a table
const PIECES = [
  '\t', ' ', '  ', '\n', '\r', '\r\n', '\u0085', '\u2028', '\u00a0', ':', ': ', '- ', '-', '? ', '#', ' #', ' # c', '"', "'", '[', ']', '{', '}', ',',
  '&a ', '*a', '*r', '*l', '!', '!!str ', '!!map ', '!!int ', '!x ', '!<tag:a> ', '|', '>', '|2', '>-', '|+', '%', '%YAML 1.2\n---\n',
  '%YAML 1.1\n---\n', '%YAML 2.0\n', '%TAG ! a\n---\n', '%FOO x\n', '---', '--- ', '\n---\n', '\n...\n', '...', '@', '`', '<<: *r\n', '<<: ', '~', 'null',
  '\\', '\\q', '\0', '\x01', '\x7f', '\ufeff', '🔥', 'x', 'x: y\n', 'a: b', 'name: z', 'alert: Q', ' : ', '? a\n: b\n', '""', "''", '=', '<<', 'key',
  '- - ', '[]', '{}', '{a}', '[a: b]', '{a: b, a: c}', '5', '0o7', '1_0', '.inf', '2020-01-01', 'true', 'y',
] as const

/** A rule file in some form of YAML, with one to three accidents. */
export function brokenFile({ next, pick }: Chance): string {
  let text: string = pick(FILES)
  const accidents = 1 + Math.floor(next() * 2.5)
  for (let count = 0; count < accidents; count += 1) text = damage(text, { next, pick })
  return text
}

function damage(text: string, { next, pick }: Chance): string {
  const at = Math.floor(next() * (text.length + 1))
  const lines = text.split('\n')
  const line = Math.floor(next() * lines.length)
  const own = lines[line] ?? ''
  const withLine = (...replacement: string[]) => lines.toSpliced(line, 1, ...replacement).join('\n')
  const values = [...text.matchAll(/(?<=: )\S[^\n]*/g), ...text.matchAll(/\S+/g)]
  const value = values.length > 0 ? pick(values) : undefined
  return pick([
    () => text.slice(0, at) + pick(PIECES) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1 + Math.floor(next() * 3)),
    () => withLine(),
    () => withLine(own, own),
    () => withLine(`${pick([' ', '\t'])}${own}`),
    () => withLine(own.replace(/^ /, '')),
    () => text.replaceAll('\n', pick(['\r\n', '\r', '\u0085', '\u2028'])),
    () => (value ? text.slice(0, value.index) + pick(PIECES) + text.slice(value.index + value[0].length) : text),
  ])()
}

// biome-ignore format: a table
const VALUES = [
  'x', '~', '', '""', 'null', '5m', '0', '0s', '1.5h', '300y', '292y', '293y', '1h1h', '5', '[a]', '{a: b}', '[]', '{}', 'true', '7', '"7"', '0x1F',
  '-3', '2.5', '2020-01-01', '!!str 5', '!!int x', '!!null x', '!!binary aGk=', '!!binary x', '!x y', '"a\\nb"', 'a b', 'a-b', '9lives', 'été',
  '__name__', '*a', '*m', '&q z', '"{{ $value }}"', '"{{ .Values.x }}"', '"{{"', '"{{ $nobody }}"', '|\n        x', '>-\n        up', '@x', '`x`',
] as const
const KEYS = [
  'a',
  'b',
  'severity',
  '__name__',
  '"a"',
  '1',
  'a-b',
  'é',
  'a:b',
  '~',
  '"<<"',
  'null',
  'true',
  '"a b"',
  '""',
] as const
const GOOD: Readonly<Record<string, string>> = {
  alert: 'Q',
  record: 'r:s',
  expr: 'up',
  for: '5m',
  keep_firing_for: '1m',
  labels: '{ a: b }',
  annotations: '{ s: "{{ $value }}" }',
}

/** A rule file with the fields that there are and some that there are not, mostly with good values. */
export function fileOfFields({ next, pick }: Chance): string {
  const some = (fields: readonly string[], share: number) => fields.filter(() => next() < share)
  const map = () =>
    `{ ${some(KEYS, 0.15)
      .map(key => `${key}: ${next() < 0.7 ? 'x' : pick(VALUES)}`)
      .join(', ')} }`
  const value = (field: string) => {
    if (next() < 0.85) return GOOD[field] ?? pick(VALUES)
    return field === 'labels' || field === 'annotations' ? map() : pick(VALUES)
  }
  const fields = ['for', 'keep_firing_for', 'labels', 'annotations']
  const rule = () => {
    const names = [pick(['alert', 'record']), 'expr', ...some(fields, 0.3), ...some(['extra', 'expr', 'alert'], 0.03)]
    return `    - ${names.map(name => `${name}: ${value(name)}`).join('\n      ')}\n`
  }
  const group = (name: string) => {
    const more = [...some(['interval', 'limit', 'keep', 'name'], 0.08)].map(field => `  ${field}: ${pick(VALUES)}\n`)
    return `- name: ${next() < 0.9 ? name : pick(VALUES)}\n${more.join('')}  rules:\n${rule()}${next() < 0.3 ? rule() : ''}`
  }
  const anchors = '- name: anchors\n  rules:\n    - alert: &a A\n      expr: &e up\n      labels: &m { l: k }\n'
  return `# {{ .Values.x }}\ngroups:\n${anchors}${group('g')}${next() < 0.3 ? group(pick(['g', 'h'])) : ''}`
}
