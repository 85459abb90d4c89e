import { expect, it } from 'vitest'
import type { HandbookFile } from '../../src/environments/index.ts'
import { handbookFileSchema } from '../../src/environments/index.ts'
import { type Inspect, inspectInThreads, lintHandbook, rememberInspections } from '../../src/lint/index.ts'

const surroundings = {
  root: '/handbook',
  file: handbookFileSchema.parse({ url: 'https://handbook.example' }) satisfies HandbookFile,
  faults: [],
  today: '2026-11-22',
}
const page = (path: string, code: string) => ({
  path,
  text: `---\ntitle: A page\n---\n\n## Procedure\n\n### Do it\n\n\`\`\`bash\n${code}\n\`\`\`\n`,
})
const ONE = page('docs/one.md', 'echo "$UNKNOWN"')
const TWO = page('docs/two.md', 'echo two')

/** A memory whose real inspections are counted, and the store that it keeps them in. */
function remember(store: { text?: string } = {}, tool = 'v1') {
  const asked: string[] = []
  const inspect: Inspect = (sources, by) => {
    asked.push(...sources.map(({ path }) => path))
    return inspectInThreads(sources, by)
  }
  const file = {
    read: async () => store.text,
    write: async (text: string) => {
      store.text = text
    },
  }
  return { ...rememberInspections(inspect, file, tool), asked, store }
}

it('looks at a page once, and finds the same of it ever after', async () => {
  const first = remember()
  const found = await first.inspect([ONE, TWO], surroundings)
  expect(found.inspections.map(({ problems }) => problems.map(({ rule }) => rule))).toEqual([['bash-variable'], []])
  expect(await first.inspect([TWO, ONE], surroundings)).toEqual({
    inspections: found.inspections.toReversed(),
    failures: [],
  })
  await first.save()
  const next = remember(first.store)
  expect(JSON.stringify(await next.inspect([ONE, TWO], surroundings))).toBe(JSON.stringify(found))
  expect(first.asked).toEqual(['docs/one.md', 'docs/two.md'])
  expect(next.asked).toEqual([])
})

it('looks again at what was changed, and at nothing else', async () => {
  const memory = remember()
  await memory.inspect([ONE, TWO], surroundings)
  const mended = page('docs/one.md', 'echo one')
  const { inspections } = await memory.inspect([mended, TWO], surroundings)
  expect(inspections.map(({ problems }) => problems)).toEqual([[], []])
  expect(memory.asked.slice(2)).toEqual(['docs/one.md'])
})

it.each([
  ['the day', { ...surroundings, today: '2026-11-23' }, 'v1'],
  ['handbook.yaml', { ...surroundings, file: { ...surroundings.file, services: ['api'] } }, 'v1'],
  ['the alerts', { ...surroundings, alerts: ['Some'] }, 'v1'],
  ['the checks themselves', surroundings, 'v2'],
])('looks at everything again when something else is different: %s', async (_, by, tool) => {
  const first = remember()
  await first.inspect([ONE, TWO], surroundings)
  await first.save()
  const next = remember(first.store, tool)
  await next.inspect([ONE, TWO], by)
  expect(next.asked).toEqual(['docs/one.md', 'docs/two.md'])
})

it.each([
  ["import { join } from 'node:path'\nreturn join('a', 'b')", 2],
  ["const { join } = await import('../join.ts')\nreturn join('a', 'b')", 2],
  ["const { join } = await import(`./${'join'}.ts`)\nreturn String(join)", 2],
  ["return String(require('./join.cjs'))", 2],
  ["const { join } = await import('node:path')\nreturn join('a', 'b')", 1],
  ["const file = 'a'\nawait $`bridgectl backup import ${file}`", 1],
])('looks every time at a block whose import may have changed: %s', async (code, times) => {
  const text = `## Procedure\n\n### Do it\n\n\`\`\`ts\n${code}\n\`\`\`\n`
  const memory = remember()
  await memory.inspect([{ path: 'docs/three.md', text }], surroundings)
  await memory.inspect([{ path: 'docs/three.md', text }], surroundings)
  expect(memory.asked).toHaveLength(times)
})

it('knows of a page that is kept which quantities it names, and reads their values anew', async () => {
  const file = { ...surroundings.file, quantities: { file: 'quantities.yaml', except: [] } }
  const text = '---\ntitle: A page\n---\n\nIt takes 5 minutes<!-- =wait -->.\n'
  const check = async (store: { text?: string }, value: string) => {
    const memory = remember(store)
    const texts = new Map([
      ['docs/one.md', text],
      ['quantities.yaml', `wait: { is: The wait, value: ${value}, decision: it is enough }\n`],
    ])
    const { problems } = await lintHandbook({
      handbook: { root: surroundings.root, file, pages: ['docs/one.md'] },
      readText: async path => texts.get(path),
      rules: { rules: [], problems: [] },
      faults: [],
      today: surroundings.today,
      only: ['docs/one.md'],
      inspect: memory.inspect,
    })
    await memory.save()
    return [memory.asked.length, problems.filter(({ file }) => file === 'docs/one.md').map(({ rule }) => rule)]
  }
  const store = {}
  expect(await check(store, '5 minutes')).toEqual([1, []])
  expect(await check(store, '6 minutes')).toEqual([0, ['quantity-known']])
})

it('keeps nothing of a look that was not whole', async () => {
  let asked = 0
  const inspect: Inspect = async (sources, by) => {
    asked += sources.length
    const { inspections } = await inspectInThreads(sources, by)
    const failure = { file: 'handbook.yaml', line: 1, column: 1, rule: 'bash-syntax', severity: 'error', message: '' }
    return { inspections, failures: [{ ...failure, severity: 'error' }] }
  }
  const memory = rememberInspections(inspect, { read: async () => undefined, write: async () => {} }, 'v1')
  expect((await memory.inspect([TWO], surroundings)).failures).toHaveLength(1)
  await memory.inspect([TWO], surroundings)
  expect(asked).toBe(2)
})

it('makes nothing of a store that was cut short, or is not one', async () => {
  for (const text of ['{"context":"a', '[]', '"text"', 'null', '{"context":1,"inspections":3}']) {
    const memory = remember({ text })
    await memory.inspect([TWO], surroundings)
    expect(memory.asked).toEqual(['docs/two.md'])
  }
})
