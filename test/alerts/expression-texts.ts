import type { Chance } from './rule-texts.ts'

const METRICS = ['up', 'a:b', 'foo', 'sum', 'by', 'offset', 'start', 'inf', 'nan', 'and', 'on', 'bool', 'rate', 'group_left', 'count_values'] // biome-ignore format: a table
const NUMBERS = ['1', '0.5', '1e3', '0x1F', '08', '.5', '1.', '1e', 'Inf', 'NaN', '-1', '5m', '1_0', '0b1']
const DURATIONS = ['5m', '1h30m', '1d', '0s', '1m1h', '1.5h', '300y', '5ms', '1y2w', '5mx', '', '1H', '5M']
// biome-ignore format: a table
const STRINGS = [
  '"a"', "'b'", '`c`', '"\\n"', '"\\q"', '"\\x41"', '"it\'s"', '"\\\'"', '""', '".*"', '".+"', '"("', '"a|b"', '"(?i)x"', '"(?=x)"', '"[a-"', '"\\\\d+"',
  '"a**"', '"x{1001}"', '"\\\\p{Greek}"', '"(?P<n>a)"', '"(?<n>a)"', '"[[:alpha:]]"', '"[[:foo:]]"', '"\\\\1"', '"|"', '"()"', '"x{2,1}"', '"{"',
  '"a{,3}"', '"\\\\_"', '"\\\\Q*"', '"^$"', '"a|"', '"\\\\C"', '"[z-a]"', '"[\\\\d-z]"', '"a(?i)*"', '"x{2}{3}"',
]
const LABELS = ['a', 'job', '__name__', 'by', 'on', 'a:b', '1a', 'le', 'bool']
// biome-ignore format: a table
const FUNCTIONS = [
  'rate', 'abs', 'sum_over_time', 'hour', 'time', 'vector', 'scalar', 'absent', 'round', 'foo', 'histogram_quantile', 'label_replace', 'clamp', 'pi',
  'sort', 'predict_linear', 'label_join', 'quantile_over_time', 'minute', 'day_of_year', 'last_over_time', 'present_over_time', 'histogram_fraction',
  'deg', 'sgn', 'atan2', 'holt_winters', 'changes', 'timestamp', 'RATE',
]
// biome-ignore format: a table
const OPERATORS = ['+', '-', '*', '/', '%', '^', '==', '!=', '<', '>', '<=', '>=', 'and', 'or', 'unless', 'atan2', 'AND', '=', '=~', '&&', '|']
const MATCHINGS = ['', '', '', 'bool ', 'on(a) ', 'ignoring(a) ', 'on(a) group_left ', 'on(a) group_left(b) ', 'bool on() ', 'on(a) group_left(a) ', 'group_left '] // biome-ignore format: a table
const GROUPS = ['()', '(a)', '(a,)', '(a, b)', '(,)', '(by)', '(inf)', '(a:b)', '']
const JUNK = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '#',
  ' ',
  ':',
  '@',
  'é',
  '\\',
  ';',
  '!',
  '~',
  '1',
  'x',
  '-',
  '.',
  '\t',
]

/** An expression that is PromQL, or nearly. */
export function expression(chance: Chance): string {
  const { next, pick } = chance
  const text = nested(chance, Math.floor(next() * 4))
  if (next() > 0.2) return text
  const at = Math.floor(next() * text.length)
  return text.slice(0, at) + pick(JUNK) + text.slice(at + (next() < 0.5 ? 1 : 0))
}

function nested(chance: Chance, depth: number): string {
  const { pick } = chance
  const matcher = () => `${pick(LABELS)}${pick(['=', '!=', '=~', '!~', '==', '<'])}${pick(STRINGS)}`
  const selector = () =>
    pick(['', '', `{${matcher()}}`, `{${matcher()},}`, '{}', `{${matcher()}, ${matcher()}}`, '{,}'])
  if (depth === 0)
    return pick([
      `${pick(METRICS)}${selector()}`,
      pick(METRICS),
      pick(NUMBERS),
      `up${selector()}`,
      selector(),
      pick(STRINGS),
      `up[${pick(DURATIONS)}]`,
    ])
  const x = () => nested(chance, depth - 1)
  const given = () => pick([x, x, () => '', () => `${x()}, ${x()}`, () => `${x()}, ${pick(NUMBERS)}`, () => `${pick(NUMBERS)}, ${x()}`, () => `${x()},`, () => `up[${pick(DURATIONS)}]`, () => `up${', "a"'.repeat(4)}`])() // biome-ignore format: a list
  const grouping = () => pick(['', '', ` by ${pick(GROUPS)}`, ` without${pick(GROUPS)}`])
  return pick([
    x,
    () => `${x()} ${pick(OPERATORS)} ${pick(MATCHINGS)}${x()}`,
    () => `${x()} ${pick(OPERATORS)} ${x()}`,
    () => `(${x()})`,
    () => `${pick(FUNCTIONS)}(${given()})`,
    () =>
      `${pick(['sum', 'avg', 'topk', 'count_values', 'quantile', 'group', 'SUM'])}${grouping()}(${given()})${grouping()}`,
    () => `${x()}[${pick(DURATIONS)}]`,
    () => `${x()}[${pick(DURATIONS)}:${pick(['', pick(DURATIONS)])}]`,
    () => `${x()} offset ${pick(['', '-', '+'])}${pick(DURATIONS)}`,
    () => `${x()} @ ${pick([pick(NUMBERS), 'start()', 'end()', 'start', '-5', 'foo()'])}`,
    () => `${pick(['-', '+', '--', '!'])}${x()}`,
    () => `${x()} # c\n`,
    () => `${x()} ${x()}`,
  ])()
}

// biome-ignore format: a table
const TERMS = [
  '.', '.Labels', '$labels.job', '$value', '$x', '$', '1', '-1.5', '0x1', '1e3', '08', '"a"', '"\\q"', '`r`', "'c'", "'cc'", 'true', 'nil', 'humanize',
  'printf', 'foo', '(printf "x")', '(.)', '.a.b', '$labels', '"a".b', '1.a', '.5', '$externalURL', 'query', '1i', '+', '..', '.a.', '$a.b', 'len .x',
  '(1).x', '()', '@', '0b12', '1_000', '"unclosed', "''",
]
const ACTIONS = ['break', '', 'end', 'else', 'template "x"', 'template "x" .', 'template x', '.Values.x', 'define "y"']

/** A template of Go, or nearly. */
export function template(chance: Chance): string {
  return body(chance, 3)
}

function body(chance: Chance, depth: number): string {
  const count = Math.floor(chance.next() * 3)
  return Array.from({ length: count }, () => part(chance, depth)).join('')
}

function part(chance: Chance, depth: number): string {
  const { next, pick } = chance
  const several = (most: number, make: () => string, by: string) =>
    Array.from({ length: 1 + Math.floor(next() * most) }, make).join(by)
  const command = () => several(3, () => pick(TERMS), pick([' ', ' ', ' ', '', '  ', '\n']))
  const pipe = () => several(2.3, command, pick([' | ', '|', ' || ', ' , ']))
  const declared = () => pick(['', '', '$x := ', '$x = ', '$i, $x := ', '$i, $j, $x := ', '$x, '])
  const act = (text: string) =>
    pick([`{{${text}}}`, `{{ ${text} }}`, `{{- ${text} -}}`, `{{-${text}-}}`, `{{ ${text} }`, `{{${text} -}}`])
  const inner = () => body(chance, depth - 1)
  if (depth === 0)
    return pick([
      () => 'text',
      () => act(pipe()),
      () => act(declared() + pipe()),
      () => pick(['{{/* c */}}', '{{/* c }}', '{{- /* c */ -}}', '{{ /* c */ }}', '}}', '{{']),
      () => act(pick(ACTIONS)),
    ])()
  const otherwise = () => pick(['', `${act('else')}${inner()}`, `${act('else if .x')}${inner()}`, act('else with .x')])
  return pick([
    inner,
    () => `${act(`if ${pipe()}`)}${inner()}${otherwise()}${pick([act('end'), act('end'), '', act('end x')])}`,
    () => `${act(`range ${declared()}${pipe()}`)}${inner()}${pick(['{{break}}', '{{ continue }}', ''])}${act('end')}`,
    () => `${act(`with ${declared()}${pipe()}`)}${inner()}${otherwise()}${act('end')}`,
    () => `${act('define "x"')}${inner()}${act('end')}`,
    () => `${act('block "x" .')}${inner()}${act('end')}`,
  ])()
}
