import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHandbook, HANDBOOK, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
})
afterEach(() => handbook.remove())

/** A page that says which one it is. */
function page(title: string, frontMatter: readonly string[] = [], phase = 'Procedure'): string {
  return [
    '---',
    `title: ${title}`,
    ...frontMatter,
    '---',
    '',
    `## ${phase}`,
    '### one',
    '```bash',
    'true',
    '```',
    '',
  ].join('\n')
}

const prose = (title: string) => `# ${title}\n\nOnly to be read.\n`

/** The title of the page that a name runs, or what is said instead. */
async function runNamed(name: string): Promise<string> {
  const { exitCode, stdout, stderr } = await handbook.run('run', name, '--env', 'staging', '--auto', '--json')
  if (exitCode === 2) return `2: ${stderr}`
  const [started] = readEvents(stdout)
  return started?.type === 'run.started' ? started.title : ''
}

describe('letters that look the same are the same', () => {
  const [composed, decomposed] = ['Ä'.normalize('NFC'), 'Ä'.normalize('NFD')]

  test('whichever way the file and the name are written', async () => {
    handbook.write(`docs/${decomposed}.md`, page('By its file'))
    handbook.write('docs/b.md', page('By its id', [`id: ${decomposed}b`]))
    expect(await runNamed(composed)).toBe('By its file')
    expect(await runNamed(decomposed)).toBe('By its file')
    expect(await runNamed(`${composed}b`)).toBe('By its id')
  })

  test('two pages that only look apart to a machine have one id', async () => {
    handbook.write(`docs/${decomposed}.md`, page('One'))
    handbook.write(`docs/${composed}.md`, page('Other'))
    expect((await handbook.run('check')).stdout).toContain(`has the id ${composed} already`)
    expect(await runNamed(composed)).toContain(`${composed} means 2 pages`)
  })

  test('two pages of prose have one address, and it is said why', async () => {
    handbook.write(`docs/${decomposed}.md`, prose('One'))
    handbook.write(`docs/${composed}.md`, prose('Other'))
    const { stdout } = await handbook.run('check')
    expect(stdout.replace(/\s+/g, ' ')).toContain(`already, which looks the same as`)
  })
})

test('of a name in other letters, the page is meant rather than an alert that begins so', async () => {
  handbook.write('docs/thing.md', page('Thing', ['alerts: [ThingDown]']))
  expect(await runNamed('Thing')).toContain('Did you mean thing?')
  expect(await runNamed('ThingDow')).toContain('Did you mean the alert ThingDown?')
})

describe('a name is first an id', () => {
  test.each([
    ['whichever folder comes first', 'docs/a/keys.md', 'docs/z.md'],
    ['the other way round', 'docs/z/keys.md', 'docs/a.md'],
    ['in MDX', 'docs/a/keys.mdx', 'docs/z.mdx'],
  ])('a file of that name with another id is not meant, %s', async (_, file, other) => {
    handbook.write(file, page('Named so', ['id: lost-keys']))
    handbook.write(other, page('Meant', ['id: keys']))
    expect(await runNamed('keys')).toBe('Meant')
    expect(await runNamed('lost-keys')).toBe('Named so')
    expect(JSON.parse((await handbook.run('show', 'keys', '--json')).stdout)).toMatchObject({ id: 'keys', path: other })
    const { stdout } = await handbook.run('run', 'keys', '--env', 'staging', '--dry-run')
    expect(stdout).toMatch(/^Meant\n/)
  })

  test('an alert comes before a file of that name, and fills the run', async () => {
    handbook.write('runbooks/ThingFull.md', page('Named so', ['id: thing']))
    handbook.write('runbooks/z.md', page('Answers it', ['alerts: [ThingFull]'], 'Diagnose'))
    expect(await runNamed('ThingFull')).toBe('Answers it')
  })

  test('a file’s name will do where nothing else is called so', async () => {
    handbook.write('docs/keys.md', page('Keys', ['id: lost-keys']))
    expect(await runNamed('keys')).toBe('Keys')
  })

  test.each(['', ' '])('an empty name is no page’s, not even of one whose id is “%s”', async name => {
    handbook.write('docs/keys.md', page('Keys', [`id: "${name}"`]))
    for (const command of [
      ['run', name, '--env', 'staging'],
      ['show', name],
    ]) {
      const { exitCode, stdout, stderr } = await handbook.run(...command)
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(stderr).toContain('The name of the page is empty')
    }
  })

  test('letters count: a name in another case is no page’s', async () => {
    handbook.write('docs/keys.md', page('Keys'))
    expect(await runNamed('Keys')).toMatch(/^2: ✗ No page or alert is called Keys\n {2}Did you mean keys\? /)
    handbook.write('docs/more/Keys.md', page('Other keys'))
    expect(await runNamed('Keys')).toBe('Other keys')
    expect(await runNamed('keys')).toBe('Keys')
  })

  test('a name that two pages have is listed once', async () => {
    handbook.write('docs/keys.md', page('Keys'))
    handbook.write('docs/more/keys.md', page('Other keys'))
    expect(await runNamed('x')).toMatch(
      /^2: ✗ No page or alert is called x\n {2}There (?:is only|are): (?!.*keys.*keys)/,
    )
  })
})

describe('a name that means several pages is refused, and they are listed', () => {
  const CASES: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    ['two pages of one id', 'keys', { 'docs/keys.md': page('A'), 'docs/z.md': page('B', ['id: keys']) }],
    ['the index of two folders', 'index', { 'docs/a/index.md': page('A'), 'docs/b/index.mdx': page('B') }],
    [
      'a procedure, and a page that is only read',
      'keys',
      { 'docs/a/keys.md': prose('A'), 'runbooks/keys.md': page('B') },
    ],
    [
      'an id that is another’s alert',
      'ThingFull',
      { 'docs/a.md': page('A', ['id: ThingFull']), 'runbooks/b.md': page('B', ['alerts: [ThingFull]']) },
    ],
    [
      'an alert of two pages',
      'ThingFull',
      {
        'runbooks/a.md': page('A', ['alerts: [ThingFull]']),
        'runbooks/b.md': page('B', ['alerts: [Other, ThingFull]']),
      },
    ],
    [
      'two files of one name, whose ids are others',
      'keys',
      { 'docs/a/keys.md': page('A', ['id: one']), 'docs/b/keys.md': page('B', ['id: two']) },
    ],
  ]
  test.each(CASES)('%s', async (_, name, files) => {
    for (const [file, text] of Object.entries(files)) handbook.write(file, text)
    for (const words of [
      ['run', name, '--env', 'staging', '--auto'],
      ['run', name, '--env', 'staging', '--dry-run'],
      ['show', name],
      ['drill', name],
    ]) {
      const { exitCode, stdout, stderr } = await handbook.run(...words)
      expect({ exitCode, stdout }, words.join(' ')).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^✗ ${name} means 2 pages: `))
      for (const file of Object.keys(files)) expect(stderr, words.join(' ')).toContain(file)
      expect(stderr).toContain('Give the path of the one you mean')
    }
    for (const file of Object.keys(files)) expect((await handbook.run('show', file)).exitCode).toBe(0)
  })

  test('in list, they have their paths beside them', async () => {
    handbook.write('docs/keys.md', page('A'))
    handbook.write('docs/z.md', page('B', ['id: keys']))
    handbook.write('docs/only.md', page('C'))
    const { stdout } = await handbook.run('list')
    expect(stdout).toBe('keys  A\n      docs/keys.md\nonly  C\nkeys  B\n      docs/z.md\n')
  })

  test.each([
    ['ids', { 'docs/keys.md': page('A'), 'docs/z.md': page('B', ['id: keys']) }, 'docs/z.md:3:5 '],
    ['ids, but for their case', { 'docs/keys.md': page('A'), 'docs/z.md': page('B', ['id: Keys']) }, 'docs/z.md:3:5 '],
    ['a page that is only read', { 'docs/a/keys.md': page('A'), 'docs/z/keys.md': prose('B') }, 'docs/z/keys.md:1:1 '],
    [
      'an id and an alert',
      { 'docs/a.md': page('A', ['id: ThingFull']), 'docs/b.md': page('B', ['alerts: [ThingFull]']) },
      'docs/a.md:3:5 ',
    ],
    [
      'alerts',
      { 'docs/a.md': page('A', ['alerts: [ThingFull]']), 'docs/b.md': page('B', ['alerts: [Other, ThingFull]']) },
      'docs/b.md:3:17 ',
    ],
  ])('check tells of them before: %s', async (_, files, place) => {
    for (const [file, text] of Object.entries(files)) handbook.write(file, text)
    const { stdout } = await handbook.run('check', '--json')
    const { problems }: { problems: { file: string; line: number; column: number; rule: string }[] } =
      JSON.parse(stdout)
    const found = problems.filter(({ rule }) => rule === 'unique-page-ids')
    expect(found.map(({ file, line, column }) => `${file}:${line}:${column} `)).toEqual([place])
  })

  test('pages that are only read may share a name', async () => {
    for (const folder of ['a', 'b', 'c']) handbook.write(`docs/${folder}/index.md`, prose(folder))
    const { stdout } = await handbook.run('check', '--json')
    expect(JSON.parse(stdout).problems).toEqual([])
  })
})

test('new does not start a page whose name or alert leads to another', async () => {
  handbook.write('docs/z.md', page('B', ['id: Keys']))
  handbook.write('runbooks/full.md', page('Full', ['alerts: [ThingFull]']))
  expect(await handbook.run('new', 'guide', 'keys')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('docs/z.md'),
  })
  expect(await handbook.run('new', 'runbook', 'other', '--alert', 'ThingFull')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('runbooks/full.md answers the alert ThingFull already'),
  })
})
