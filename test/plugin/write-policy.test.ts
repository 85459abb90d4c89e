import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { addPolicy } from '../../src/plugin/index.ts'

const hash = (code: string) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`
const page = (body: string) =>
  `<!doctype html><html><head><meta charset=UTF-8><title>x</title></head><body>${body}</body></html>`

it('names the page’s own scripts by their hashes, and nothing is allowed merely because it stands in the page', () => {
  const html = addPolicy(
    page('<script>one()</script><script src=/a.js></script><script type="application/ld+json">{}</script>'),
  )
  expect(html).toContain(`script-src 'self' ${hash('one()')};`)
  expect(html).not.toContain('unsafe')
  expect(html).toMatch(/<head><meta charset=UTF-8><meta http-equiv="Content-Security-Policy"/)
})

it('stands behind what says how the page is written, also when that stands on a line of its own', () => {
  const html = addPolicy('<!DOCTYPE html>\n<html>\n<head>\n<meta charset="UTF-8">\n<title>x</title></head></html>')
  expect(html).toContain('<meta charset="UTF-8"><meta http-equiv="Content-Security-Policy"')
})

it.each([
  ['<b style="color: red">x</b>', '<b>x</b>'],
  ['<b class=a style=color:red id=b>x</b>', '<b class=a id=b>x</b>'],
  ['<b title="a > b" style=\'color: red\'>x</b>', '<b title="a > b">x</b>'],
  ['<svg style="display: none;"></svg>', '<svg class="hb-hidden"></svg>'],
  ['<p>in text: style="color: red"</p>', '<p>in text: style="color: red"</p>'],
])('takes style attributes away: %s', (before, after) => {
  expect(addPolicy(page(before))).toContain(`<body>${after}</body>`)
})
