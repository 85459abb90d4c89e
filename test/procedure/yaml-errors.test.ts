import { expect, it } from 'vitest'
import { parseHandbookFile } from '../../src/environments/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'

it.each([
  ['title: a: b', '2:8', 'A value with “: ” in it is read as one more key', 'Put the value in quotes: title: "a: b"'],
  ['owner: x\ntitle: The queue: it is full', '3:8', 'A value with “: ” in it', 'title: "The queue: it is full"'],
  ['title: @x', '2:8', 'A value cannot begin with @', 'title: "@x"'],
  ['title: `x`', '2:8', 'A value cannot begin with `', 'title: "`x`"'],
  ['title: x\ntitle: y', '3:1', 'The key title is there twice', 'Remove one of them'],
  ['params:\n\tx: y', '3:1', 'A tab cannot indent a line', 'Write spaces'],
])('what is wrong with front matter is said plainly: %s', (yaml, place, message, hint) => {
  const [problem] = parseProcedure(`---\n${yaml}\n---\n\n# x\n`, 'docs/page.md').problems
  expect(problem).toMatchObject({
    rule: 'front-matter',
    message: expect.stringContaining(`The front matter is not valid YAML: ${message}`),
    hint: expect.stringContaining(hint),
  })
  expect(`${problem?.line}:${problem?.column}`).toBe(place)
})

it('and so is what is wrong with handbook.yaml', () => {
  expect(parseHandbookFile('url: https://x.example\ntitle: a: b\n')).toMatchObject({
    problems: [{ line: 2, column: 8, hint: 'Put the value in quotes: title: "a: b"' }],
  })
})
