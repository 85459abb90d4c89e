import { describe, expect, it } from 'vitest'
import { listPlainNumbers } from '../../../src/lint/quantities/marks.ts'
import { readTree } from '../../../src/procedure/index.ts'

/** The numbers that a page says and binds to nothing, as `line text`. */
function find(text: string): string[] {
  return listPlainNumbers(
    readTree(text, 'docs/page.md', () => {}),
    text,
  ).map(({ line, text: found }) => `${line} ${found}`)
}

describe('a number with a unit that is bound to nothing is found', () => {
  it.each([
    ['in minutes', 'Call after 15 minutes.', '15 minutes'],
    ['in hours', 'It takes 4 h.', '4 h'],
    ['as a share', 'At 5 % it is serious.', '5 %'],
    ['as a share in words', 'At five per cent it is serious.', 'five per cent'],
    ['in bytes', 'Free 20 MiB first.', '20 MiB'],
    ['in decimal bytes', 'Free 3GB first.', '3GB'],
    ['in bytes in words', 'Free two gigabytes first.', 'two gigabytes'],
    ['in days', 'Kept for 30 days.', '30 days'],
    ['in small words', 'Wait five minutes.', 'five minutes'],
    ['in large words', 'Wait forty-five minutes.', 'forty-five minutes'],
    ['at the beginning of a sentence', 'Ten days later it is gone.', 'Ten days'],
    ['as half an hour', 'Wait half an hour.', 'half an hour'],
    ['as an hour', 'Back within an hour.', 'an hour'],
    ['as a quarter of an hour', 'Every quarter of an hour, look.', 'quarter of an hour'],
    ['as half a second', 'It hangs for half a second.', 'half a second'],
    ['in the smallest word', 'Back within one hour.', 'one hour'],
    ['in two words', 'Kept for twenty-four hours.', 'twenty-four hours'],
    ['in a word of many', 'Kept for seventeen days.', 'seventeen days'],
    ['as a range', 'Wait 5–10 min.', '10 min'],
    ['in seconds', 'It answers within two seconds.', 'two seconds'],
    ['in emphasis', 'Wait **15 minutes**.', '15 minutes'],
    ['in a link', '[Wait 15 minutes](other.md).', '15 minutes'],
  ])('%s', (_, text, found) => {
    expect(find(text)).toEqual([`1 ${found}`])
  })

  it.each([
    ['a table', '| when | who |\n| --- | --- |\n| after 15 minutes | you |\n', '3 15 minutes'],
    ['an admonition', ':::warning\n\nWait 15 minutes.\n\n:::\n', '3 15 minutes'],
    ['a list', '1. Look.\n2. Wait 15 minutes.\n', '2 15 minutes'],
    ['a quotation', '> Wait 15 minutes.\n', '1 15 minutes'],
    ['a diagram', '```mermaid\nflowchart LR\n  a -- 15 minutes --> b\n```\n', '3 15 minutes'],
    ['the description', '---\ntitle: Page\ndescription: "Fifteen minutes a day"\n---\n\nText.\n', '3 Fifteen minutes'],
    ['a footnote', 'Text.[^1]\n\n[^1]: After 15 minutes.\n', '3 15 minutes'],
  ])('in %s', (_, text, found) => {
    expect(find(text)).toEqual([found])
  })
})

it.each([
  ['is bound', 'Call after 15 minutes<!-- =call -->.'],
  ['is in code', 'Give `--wait 20s`.'],
  ['is in a block', '```bash\nsleep 20s\n```\n'],
  ['is what somebody says', 'Say: “I call back in 15 minutes.”'],
  ['is in a heading', '# Practise for ten minutes\n'],
  ['is a setting', '---\ntitle: Page\nparams:\n  wait: { type: duration, default: 5m }\n---\n'],
  ['has no unit', 'Three people, five hosts, an hourly backup and 503.'],
])('one that %s is not', (_, text) => {
  expect(find(text)).toEqual([])
})
