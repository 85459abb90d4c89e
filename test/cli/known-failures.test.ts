// What runners of Markdown are known to get wrong, each seen to go right with the real command.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandbook, readEvents } from './handbook.ts'

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeAll(async () => {
  handbook = await createHandbook()
})
afterAll(() => handbook.remove())

/** Runs a page that stands alone; gives how it ended, what each step put out, and what went wrong where. */
async function run(text: string, path = 'page.md') {
  handbook.write(path, text)
  const { exitCode, stdout, stderr } = await handbook.run('run', path, '--auto', '--json')
  const events = exitCode === 2 ? [] : readEvents(stdout)
  return {
    exitCode,
    stderr,
    output: events.flatMap(event => (event.type === 'step.output' ? event.text : [])).join(''),
    ran: events.flatMap(event => (event.type === 'step.started' ? event.step : [])),
    errors: events.flatMap(event => (event.type === 'step.finished' && event.error ? [event.error] : [])),
  }
}

const step = (block: string) => `## Procedure\n\n### One\n\n${block}\n`

describe('every block is found, and runs as it is written', () => {
  const found: Readonly<Record<string, string>> = {
    'words after the language': step('```ts title="x"\nconsole.log("it ran")\n```'),
    'a space after the language': step('```bash  \necho it ran\n```  '),
    tildes: step('~~~bash\necho it ran\n~~~'),
    'carriage returns': step('```bash\nif true; then\n  echo it ran\nfi\n```').replaceAll('\n', '\r\n'),
    'a list': step('1. Do this:\n\n   ```bash\n   echo it ran\n   ```'),
    'a list after tabs': step('-\tDo this:\n\n\t```bash\n\techo it ran\n\t```'),
    'a quote': step('> ```bash\n> echo it ran\n> ```'),
    'a list in a quote': step('> - Do this:\n>\n>   ```bash\n>   echo it ran\n>   ```'),
    'a fence in a fence': step('````bash\ncat <<"EOF"\n```\nit ran\n```\nEOF\n````'),
    'a byte order mark': `\uFEFF${step('```bash\necho it ran\n```')}`,
    'typed TypeScript': step(
      '```ts\ninterface A { b: string }\nconst a: A = { b: "it ran" }\nconsole.log(a.b as string)\n```',
    ),
    'an indented fence': step('  ```bash\n  echo it ran\n  ```'),
    'underlined headings': 'Procedure\n---------\n\n### One\n\n```bash\necho it ran\n```\n',
  }
  test.each(Object.keys(found))('%s', async name => {
    const { exitCode, output, errors } = await run(found[name] ?? '')
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: [] })
    expect(output).toContain('it ran')
  })

  test('bash is bash: braces, backticks, here-documents and backslashes arrive as they are', async () => {
    const code = [
      'echo "home ${HOME}"',
      'echo "ticks `echo a``echo b`"',
      'cat <<EOF',
      'document $((6 * 7)) \\$x \\`y\\`',
      'EOF',
      "printf '%s\\n' 'a\\nb' \"${undefined_name:-default}\"",
    ].join('\n')
    const { exitCode, output } = await run(step(`\`\`\`bash\n${code}\n\`\`\``))
    expect(output).toBe(`home ${handbook.home}\nticks ab\ndocument 42 $x \`y\`\na\\nb\ndefault\n`)
    expect(exitCode).toBe(0)
  })
})

test('a fence that is never closed is refused, and nothing of it runs', async () => {
  const { exitCode, stderr } = await run(step('```bash\ntouch ran-unclosed'))
  expect(exitCode).toBe(2)
  expect(stderr).toMatch(/page\.md:5:1 /)
  expect(readdirSync(handbook.cwd)).not.toContain('ran-unclosed')
})

test('a value passes from step to step, in both languages', async () => {
  const { exitCode, output } = await run(`## Procedure

### A

\`\`\`ts
return { percent: 81 }
\`\`\`

### B

\`\`\`bash
echo "more=$((STEP_A_PERCENT + 1))" >> "$STEP_OUTPUT"
\`\`\`

### C

\`\`\`ts
console.log(\`\${steps.a.percent} then \${steps.b.more}\`)
\`\`\`
`)
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: '81 then 82\n' })
})

test('what a step prints is shown, on both streams, while it goes well and when it fails', async () => {
  handbook.write('page.md', step('```bash\necho to stdout\necho to stderr >&2\nexit 3\n```'))
  const { exitCode, stdout } = await handbook.run('run', 'page.md', '--auto')
  expect(stdout).toContain('to stdout')
  expect(stdout).toContain('to stderr')
  expect(exitCode).toBe(1)
})

test('steps run in the order of the page, and none after a change that failed', async () => {
  const steps = ['one', 'two', 'three', 'four']
  const page = `## Procedure\n\n${steps.map(name => `### ${name}\n\n\`\`\`bash\necho ${name}\n${name === 'three' ? 'false\n' : ''}echo after ${name}\n\`\`\`\n`).join('\n')}`
  const { exitCode, output, ran } = await run(page)
  expect(output).toBe('one\nafter one\ntwo\nafter two\nthree\n')
  expect({ exitCode, ran }).toEqual({ exitCode: 1, ran: ['one', 'two', 'three'] })
})

test.each([
  ['a command that fails before the last', 'false\necho fine'],
  ['a pipe whose beginning fails', 'false | cat'],
  ['a variable that is not set', 'echo "$no_such_variable"\necho fine'],
  ['a command that is not there', 'no-such-command-anywhere\necho fine'],
])('never 0 after %s', async (_, code) => {
  expect((await run(step(`\`\`\`bash\n${code}\n\`\`\``))).exitCode).toBe(1)
})

test('never 0 after a promise in TypeScript that is rejected', async () => {
  expect((await run(step('```ts\nawait Promise.reject(new Error("no"))\n```'))).exitCode).toBe(1)
})

test('nothing is left beside the page, and the page stays as it was', async () => {
  const text = step('```ts\nconsole.log(1)\n```')
  await run(text, 'alone/page.md')
  await run(text.replace('console.log(1)', 'throw new Error("no")'), 'alone/page.md')
  expect(readdirSync(join(handbook.cwd, 'alone'))).toEqual(['page.md'])
  expect(readFileSync(join(handbook.cwd, 'alone/page.md'), 'utf8')).toContain('throw')
  expect(readdirSync(join(handbook.root, 'tmp'))).toEqual([])
})

describe('an error stands at the page’s own line', () => {
  const where = async (page: string, path?: string) => {
    const { exitCode, errors } = await run(page.replaceAll('⟪', ''), path)
    expect(exitCode).toBe(1)
    const lines = page.split('\n')
    const line = lines.findIndex(text => text.includes('⟪')) + 1
    const column = (lines[line - 1]?.indexOf('⟪') ?? 0) + 1
    return { errors, line, column }
  }
  const typescript: Readonly<Record<string, readonly [page: string, path?: string]>> = {
    'in a list': [step('1. Do\n\n   ```ts\n   const a: number = 1\n   throw ⟪new Error("here")\n   ```')],
    'in a quote': [step('> - Do\n>\n>   ```ts\n>   type A = string\n>   throw ⟪new Error("here")\n>   ```')],
    'in MDX': [`<b>x</b>\n\n${step('```ts\nthrow ⟪new Error("here")\n```')}`, 'page.mdx'],
    'after imports': [
      step(
        '```ts\nimport { join } from "node:path"\nimport os from "node:os"\n\nthrow ⟪new Error("here" + typeof join + typeof os)\n```',
      ),
    ],
    'in code that waited': [
      step('```ts\nasync function later() {\n  await sleep(1)\n  throw ⟪new Error("here")\n}\nawait later()\n```'),
    ],
    'after emoji': [step('```ts\nconst a = "🌍"; throw ⟪new Error(`here ${a}`)\n```')],
    'in a page with carriage returns': [
      step('```ts\nconst a = 1\nthrow ⟪new Error(`here ${a}`)\n```').replaceAll('\n', '\r\n'),
    ],
  }
  test.each(Object.keys(typescript))('TypeScript %s', async name => {
    const [page = '', path] = typescript[name] ?? []
    const { errors, line, column } = await where(page, path)
    expect(errors).toMatchObject([{ line, column, message: expect.stringContaining('here') }])
  })

  const bash: Readonly<Record<string, string>> = {
    'a command': step('```bash\necho one\n\n⟪no-such-command-anywhere\n```'),
    'a command in a list': step('- Do\n\n  ```bash\n  echo one\n  ⟪no-such-command-anywhere\n  ```'),
    'a variable that is not set': step('```bash\necho one\necho ⟪"$no_such_variable"\n```'),
    'a command in a substitution': step('```bash\necho one\necho two\nx=$(⟪no-such-command-anywhere)\necho "$x"\n```'),
    'what bash cannot read in a substitution': step('```bash\necho one\n\nx=$(⟪if then)\n```'),
    'what bash cannot read in backticks': step('```bash\necho one\n\nx=`⟪if then`\n```'),
    'a command in eval': step('```bash\necho one\n⟪eval no-such-command-anywhere\n```'),
    'what eval cannot read': step("```bash\necho one\n⟪eval 'if then'\n```"),
  }
  test.each(Object.keys(bash))('bash: %s', async name => {
    const { errors, line } = await where(bash[name] ?? '')
    expect(errors).toMatchObject([{ line }])
  })

  test('a script that stands in the page', async () => {
    const script = 'const a: number = 1\nthrow new Error(`here ${a}`)\n'
    handbook.write('scripts/procedures/fail.ts', script)
    const { errors } = await run(step(`\`\`\`ts file=scripts/procedures/fail.ts\n${script}\`\`\``))
    expect(errors).toMatchObject([{ line: 7, column: 7 }])
  })
})
