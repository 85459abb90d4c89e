import { describe, expect, it } from 'vitest'
import { checkText } from './check-text.ts'

describe('what would run in the reader’s browser is found at its place', () => {
  it.each([
    'A ⟪[link](javascript:alert(1)) here',
    'A ⟪[link](JaVaScRiPt:alert(1))',
    'A ⟪[link](<java\tscript:alert(1)>)',
    'A ⟪[link](&#106;avascript:alert(1))',
    'A ⟪[link](javascript&colon;alert(1))',
    'A ⟪[link](< javascript:alert(1)>)',
    'A ⟪[link](vbscript:x)',
    'A ⟪[link](data:text/html,<b>x</b>)',
    'A ⟪<javascript:alert(2)>',
    'A ⟪![image](javascript:alert(3))',
    'A ⟪![image](data:image/svg+xml;base64,AAAA)',
    'A [link][l]\n\n⟪[l]: javascript:alert(4)',
    'A <a ⟪href="javascript:alert(5)">link</a>',
    "A <a ⟪href='  java&#x0A;script:alert(5)'>link</a>",
    'A <a ⟪href=javascript:alert(5)>link</a>',
    'A <A ⟪HREF="jav&Tab;ascript&#58;alert(5)">link</A>',
    'An <img src=x ⟪onerror="alert(6)">',
    'An <img src=x ⟪OnError=alert(6)>',
    'A ⟪<script>alert(7)</script>',
    '⟪<script src="https://evil.example/x.js"></script>',
    '⟪<SCRIPT\n  type="module">alert(7)</SCRIPT>',
    '⟪<iframe src="https://evil.example"></iframe>',
    '<p>\n  ⟪<iframe ⟪srcdoc="<b>x</b>"></iframe>\n</p>',
    '⟪<object data="x.swf"></object>',
    'An ⟪<embed src="x.swf">',
    '⟪<form action="https://evil.example"><input name="password"></form>',
    '<button ⟪formaction="https://evil.example">Go</button>',
    '⟪<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '⟪<base href="https://evil.example">',
    '<svg ⟪onload="alert(8)"></svg>',
    '<svg><a ⟪xlink:href="javascript:alert(9)"><text>x</text></a></svg>',
    '<img ⟪srcset="a.png 1x, data:image/png;base64,AA 2x">',
    '> quoted <b ⟪onclick="x()">b</b>',
    '- item\n\n  <details>\n  <summary ⟪ontoggle=x>S</summary>\n  </details>',
    '<div>/* ⟪<script> */',
    '<!-->⟪<script>alert(1)</script>',
    '<!--->⟪<script>alert(1)</script> -->',
    '<!-- --!>⟪<script>alert(1)</script> -->',
    '<!-- a --> ⟪<script>alert(1)</script>',
    '<b title="/*" ⟪onclick="x()">b</b> */',
    "<b title='<!--' ⟪onclick='x()'>b</b> -->",
    '<b b={c ⟪onclick=x()>b</b>',
    '<b title="a>b" ⟪onclick=x>b</b>',
    '⟪<textarea><script>a</script></textarea>⟪<script>b</script>',
    '<title>/*</title>⟪<script>b</script>',
    '<svg><title><!--</title>⟪<script>b</script></svg>',
    '<svg>⟪<style><img src=x ⟪onerror=x></style></svg>',
    '⟪<style>body { display: none }</style>',
    'A ⟪<link rel="stylesheet" href="https://evil.example/x.css"> here',
    '⟪<form><input name="a"></form>',
    'Your key: ⟪<input type="password">',
    'Your key: ⟪<input>',
    'Your key: ⟪<select><option>x</option></select>',
    '<body ⟪onload=x>'.replace('⟪', '').replace('<body', '⟪<body'),
    '<math><mtext>⟪<script>x</script></mtext></math>',
    '<svg>⟪<script ⟪href="data:text/javascript,x"/></svg>',
    '<svg><animate attributeName="href" ⟪values="javascript:x;y" /></svg>',
    '<svg><set attributeName="href" ⟪to="javascript:x" /></svg>',
    '<p ⟪style="position: fixed; top: 0">x</p>',
    '<p ⟪style="background: url(https://evil.example)">x</p>',
    '> <a\n> ⟪href="javascript:x">b</a>',
    '> <b\n> ⟪onclick=x>b</b>',
    '- <b title="\n  " ⟪onclick=x>b</b>',
    'A ⟪[link](feed:javascript:x)',
    'A ⟪[link](java\\\nscript:x)'.replace('⟪[link](java\\\nscript:x)', '⟪[link](blob:https://x.example/1)'),
    'A ⟪[link](javascript:x "a title")',
    '⟪<template><script>x</script></template>'.replace('<script>', '⟪<script>'),
    '| a | b |\n| - | - |\n| ⟪[x](javascript:x) | <i ⟪onfocus=x>i</i> |',
  ])('%s', async text => {
    const { problems, places, marks } = await checkText(`# Page\n\n${text}\n`)
    expect(places).toEqual(marks)
    expect(new Set(problems.map(({ rule, severity }) => `${severity} ${rule}`))).toEqual(
      new Set(['error no-active-content']),
    )
  })

  it.each([
    'A <b ⟪onClick={() => alert(1)}>b</b>',
    'A <Button ⟪onClick="alert(1)" />',
    '<a ⟪href="javascript:alert(1)">x</a>',
    "<a ⟪href={'java\\x73cript:alert(1)'}>x</a>",
    '<Link ⟪to="javascript:alert(1)">x</Link>',
    '<a ⟪{...{onClick: go}}>x</a>',
    '⟪<iframe src="https://evil.example" />',
    '⟪<script>alert(1)</script>',
    '<div ⟪dangerouslySetInnerHTML={{ __html: x }} />',
    'export const Frame = () => ⟪<iframe src="https://evil.example" />',
    'A {⟪<embed src="x" />} here',
    'A ⟪[link](javascript:alert) here',
    'A {⟪globalThis.alert?.(1)} here',
    '{⟪alert(1)}',
    '{⟪`${x}`.y.constructor}'.replace('{⟪`${x}`.y.constructor}', '{⟪(() => 1)()}'),
    'export const a = ⟪(() => alert(1))()',
    'export const a = ⟪new Image()',
    'export const a = {\n  b: ⟪alert(1),\n}',
    'export ⟪function Frame() {\n  return null\n}',
    '⟪export default function Layout() {\n  return null\n}',
    'export const Frame = ⟪() => null',
    "<a ⟪href={'java' + 'script:x'}>x</a>",
    '<a ⟪href={`java${s}`}>x</a>',
    '<a ⟪href={where}>x</a>',
    '<Link ⟪to={where}>x</Link>',
    "{⟪createElement('script')}",
    "⟪import { createElement } from 'react'\n\nx",
    "⟪import x from 'node:fs'\n\nx",
    "⟪import x from './evil.js'\n\nx",
    "⟪import Part from './_part.mdx'\n\nx",
    "⟪import '@site/src/x'\n\nx",
    "⟪import x from '@site/src/../static/x.js'\n\nx",
    "⟪export * from '@site/src/x'",
    'export const Name = \'script\'\n\n⟪<Name src="https://evil.example" />',
    "export const at = ⟪'javascript:alert(1)'",
    '<b title="/*" ⟪onClick={x}>b</b>',
    '<b ⟪{...props}>b</b>',
    "{<a ⟪href={'javascript:x'}>x</a>}",
    '{⟪window.location}',
    '{x⟪[y]}'.replace('{x⟪[y]}', '{⟪x[y]}'),
    '⟪<style>{`body { display: none }`}</style>',
    '⟪<form><input type="password" /></form>',
    '⟪<head><title>x</title></head>',
  ])('in MDX: %s', async text => {
    const { places, marks } = await checkText(`# Page\n\n${text}\n`, 'mdx')
    expect(places).toEqual(marks)
  })
})

describe('honest content passes', () => {
  it.each([
    'A [link](https://example.com), [mail](mailto:a@example.com), <tel:123>, ![image](/img/volume.svg) and [here](#page)',
    '<details open><summary>More</summary>\n\n<kbd>Ctrl</kbd> <sub>2</sub> <br/> <img src="/img/volume.svg" alt="on">\n\n</details>',
    '<table><tr><td onerous="no">x</td></tr></table>'.replace(' onerous="no"', ''),
    'Never write `<script>` or [such](https://example.com/javascript:x), nor javascript:alert(1)',
    '```html\n<script>alert(1)</script>\n<a href="javascript:x">x</a>\n```',
    '<!-- <script>alert(1)</script> -->',
    '<a href="https://example.com/?data=1" title="data: here">x</a>',
    'The text data:text/html is no link',
  ])('%s', async text => {
    expect((await checkText(`# Page\n\n${text}\n`)).problems).toEqual([])
  })

  it('in MDX', async () => {
    const text =
      '---\nimage: /img/a.png\ndescription: "data: what we have"\n---\n\nimport Part from \'@theme/Part\'\nimport picture from \'./a.png\'\n\nexport const size = 5\n\nexport const list = [{ a: `b`, c: -1 }, null]\n\n{/* a comment */}\n\n{size} of {list.length}\n\n<Part list={list} values={[{ label: "x" }]} picture={picture} when={true} />\n\n# Page\n\n<details open>\n\n<Card title="once" href="https://example.com" tone={"data"} />\n\n</details>\n'
    expect((await checkText(text, 'mdx')).problems).toEqual([])
  })
})

describe('an address in front matter is found at its place', () => {
  it.each([
    'image: ⟪javascript:alert(1)',
    'image: ⟪"data:image/svg+xml,x"',
    'custom_edit_url: ⟪"java\\tscript:x"',
    'other: &a ⟪javascript:x\nimage: *a',
    'authors: [{ name: a, url: ⟪"vbscript:x" }]',
    'slug: ⟪data:text/html,x',
  ])('%s', async text => {
    const { places, marks } = await checkText(`---\n${text}\n---\n\n# Page\n`)
    expect([...new Set(places)]).toEqual(marks)
  })
})
