import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { expect, it } from 'vitest'

const template = readFileSync('.github/pull_request_template.md', 'utf8')
const ticked = template.replaceAll('- [ ]', '- [x]')

/** Holds a description against the checklist: what is refused, a line each. */
async function review(description: string): Promise<string[]> {
  const { exitCode, stderr } = await execa('node', ['scripts/check-review.mjs'], { input: description, reject: false })
  expect(exitCode).toBe(stderr === '' ? 0 : 1)
  return stderr.split('\n').filter(line => line.startsWith('not ticked'))
}

it.each([
  ['as the template has it, ticked', ticked],
  ['with carriage returns, as code hosts send it', ticked.replaceAll('\n', '\r\n')],
  [
    'with a reason behind an item that does not apply',
    ticked.replaceAll('`npm run build`', '`npm run build` (no page changed)'),
  ],
  ['with stars and capitals', ticked.replaceAll('- [x]', '* [X]')],
])('takes a description %s', async (_, description) => {
  expect(await review(description)).toEqual([])
})

it.each([
  ['an open item', ticked.replace(/- \[x\](.*drill.*)/, '- [ ]$1'), 1],
  ['an item taken out', ticked.replace(/.*handbook check.*\n/, ''), 1],
  ['nothing', '', template.split('- [ ]').length - 1],
])('refuses a description with %s', async (_, description, open) => {
  expect(await review(description)).toHaveLength(open)
})
