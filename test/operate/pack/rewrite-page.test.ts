import { expect, it } from 'vitest'
import { rewritePage } from '../../../src/operate/pack/rewrite-page.ts'

const FILES: Readonly<Record<string, string>> = {
  '/': 'index.html',
  '/runbooks/full': 'runbooks/full/index.html',
  '/docs/a b': 'docs/a b/index.html',
  '/img/logo.svg': 'img/logo.svg',
}
const page = (body: string, head = '') =>
  rewritePage(`<!doctype html><html><head>${head}</head><body>${body}</body></html>`, {
    file: 'runbooks/full/index.html',
    fileOf: path => FILES[path],
    title: 'A <b> handbook',
    date: '2026-11-29',
    provenUntil: '2027-02-27',
  })

it.each([
  ['href="/"', 'href="../../index.html"'],
  ['href="/runbooks/full#usage"', 'href="index.html#usage"'],
  ['href="/docs/a%20b?x=1#y"', 'href="../../docs/a%20b/index.html#y"'],
  ['href="#usage"', 'href="#usage"'],
  ['href="https://x.example/"', 'href="https://x.example/"'],
  ['href="//x.example/"', 'href="//x.example/"'],
])('leads %s to %s', (address, file) => {
  expect(page(`<a ${address}>x</a>`)).toContain(`<a ${file}>x</a>`)
})

it('loads pictures and style sheets from files, and no script of the site', () => {
  const html = page(
    '<img src="/img/logo.svg"><script src="/assets/js/main.js"></script><script>run()</script>',
    '<link rel="preload" href="/x.js"><link rel="icon" href="/img/logo.svg"><meta http-equiv="Content-Security-Policy" content="x">',
  )
  expect(html).toContain('<img src="../../img/logo.svg">')
  expect(html).toContain('<link rel="icon" href="../../img/logo.svg">')
  expect(html).not.toMatch(/main\.js|run\(\)|preload|Content-Security-Policy/)
  expect(html).toContain('<script src="../../pack.js"></script>')
})

it('shows its date first, and how long its proofs count', () => {
  const html = page('<h1>Full</h1>')
  expect(html.indexOf('A copy of 2026-11-29')).toBeLessThan(html.indexOf('<h1>'))
  expect(html).toContain('Its proofs count until 2027-02-27.')
  expect(html).toContain('data-packed="2026-11-29" data-proven-until="2027-02-27" data-top="../../"')
  expect(html).toContain('>A &lt;b&gt; handbook<')
})
