import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { parseSync } from 'oxc-parser'

const SOURCE = resolve('src/procedure/scope.ts')

/** A verb of the scope of a block, as its source says. */
export interface Verb {
  readonly name: string
  readonly signature: string
  /** What it does, in a sentence or two. */
  readonly text: string
  readonly examples: readonly { readonly language: 'ts' | 'bash'; readonly code: string }[]
}

/** The verbs that are in scope of a block, in their order. Throws for one without a sentence or without an example in ts. */
export function readVerbs(): Verb[] {
  const { source, comments, declarations } = readSource()
  const verbs = declarations.find(({ name }) => name === 'Verbs')
  if (!verbs) throw new Error('scope.ts declares no Verbs')
  return verbs.members.map(({ start, end }) => {
    const signature = source.slice(start, end).replace(/^readonly /, '')
    const name = /^\w+/.exec(signature)?.[0] ?? ''
    const comment = comments.findLast(comment => comment.end < start && /^\s*$/.test(source.slice(comment.end, start)))
    const lines = (comment?.value ?? '').split('\n').map(line => line.replace(/^\s*\* ?/, '').trimEnd())
    const [text = '', ...examples] = lines.join('\n').split('@example\n')
    const read = examples.map(example => /^```(ts|bash)\n([\s\S]*?)\n```/.exec(example))
    const found = read.flatMap(match => {
      const language = match?.[1]
      return language === 'ts' || language === 'bash' ? [{ language, code: match?.[2] ?? '' } as const] : []
    })
    if (text.trim() === '' || found[0]?.language !== 'ts')
      throw new Error(`The verb ${name} has no sentence, or no example in ts`)
    return { name, signature, text: text.trim(), examples: found }
  })
}

/** Every verb with its signature, what it does, and its examples. */
export const verbs = async () => {
  const sections = readVerbs().map(({ name, signature, text, examples }) => {
    const [ts, bash] = examples
    return [
      `### ${name}`,
      text,
      fence('ts', signature),
      fence('ts', ts?.code ?? ''),
      bash ? `In bash:\n\n${fence('bash', bash.code)}` : 'In bash there is no such verb; use a `ts` block.',
    ].join('\n\n')
  })
  return sections.join('\n\n')
}

/** The types that the verbs take and give. */
export const scopeTypes = async () => {
  const { source, declarations } = readSource()
  const others = declarations.filter(({ name }) => name !== 'Verbs')
  return fence(
    'ts',
    others
      .map(({ start, end }) => source.slice(start, end))
      .join('\n\n')
      .replaceAll('readonly ', ''),
  )
}

/** zx's globals: what a ts block finds beside ours. Throws for one that nobody has described, and for one that is gone. */
export const zxGlobals = async () => {
  const folder = dirname(createRequire(resolve('package.json')).resolve('zx'))
  const names = [...readFileSync(`${folder}/globals.d.ts`, 'utf8').matchAll(/^\s*var ([\w$]+):/gm)].map(
    ([, name = '']) => name,
  )
  const described = Object.keys(ZX).flatMap(row => row.split(' '))
  const wrong = [...names.filter(name => !described.includes(name)), ...described.filter(name => !names.includes(name))]
  if (wrong.length > 0) throw new Error(`Describe what zx has, and nothing else: ${wrong.join(', ')}`)
  const rows = Object.entries(ZX).map(
    ([row, text]) =>
      `| ${row
        .split(' ')
        .map(name => `\`${name}\``)
        .join(', ')} | ${text} |`,
  )
  return ['| global | is for |', '| --- | --- |', ...rows].join('\n')
}

const ZX: Readonly<Record<string, string>> = {
  $: 'runs a command; a value put into it is quoted for the shell',
  'cd within syncProcessCwd': 'the folder in which commands run; `within` keeps a change inside a function',
  'ProcessOutput ProcessPromise':
    'what a command gave: `stdout`, `stderr`, `exitCode`, `.text()`, `.json()`, `.lines()`',
  'nothrow quiet': 'a command that may fail; a command that says nothing',
  'retry expBackoff sleep': 'tries again; with growing pauses; waits',
  'fs path os': 'files (fs-extra), their paths, the machine',
  'glob globby': 'files by pattern',
  'tempdir tempfile tmpdir tmpfile': 'a folder or a file for the time being',
  'which ps kill': 'where a program is; processes; ends one',
  'echo log chalk spinner': 'says something; in colour; while something lasts',
  'question stdin': 'asks, reads input: a step has no terminal, so use a parameter instead',
  'argv parseArgv updateArgv minimist': 'a script’s arguments: a step has none, so use a parameter instead',
  'YAML dotenv': 'reads YAML and `.env` files',
  'defaults resolveDefaults quote useBash usePowerShell usePwsh quotePowerShell':
    'how commands are run and quoted; bash when not said',
  'VERSION version': 'of zx',
}

interface Declaration {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly members: readonly { readonly start: number; readonly end: number }[]
}

function readSource() {
  const source = readFileSync(SOURCE, 'utf8')
  const { program, comments } = parseSync(SOURCE, source)
  const declarations = program.body.flatMap((statement): Declaration[] => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined
    if (declared?.type !== 'TSInterfaceDeclaration' && declared?.type !== 'TSTypeAliasDeclaration') return []
    const members = declared.type === 'TSInterfaceDeclaration' ? declared.body.body : []
    return [{ name: declared.id.name, start: declared.start, end: declared.end, members }]
  })
  return { source, comments, declarations }
}

function fence(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``
}
