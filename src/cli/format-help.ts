import type { ArgDef, ArgsDef, CommandDef } from 'citty'
import pc from 'picocolors'

/**
 * The help of a command: its description, arguments and subcommands, at most `columns` wide. `runsAlone`: it also does something without
 * a subcommand.
 */
export function formatHelp(
  title: string,
  description: string,
  args: ArgsDef,
  subCommands: Readonly<Record<string, CommandDef>>,
  { columns = 80, runsAlone = false }: { readonly columns?: number; readonly runsAlone?: boolean } = {},
): string {
  const all = Object.entries(args)
  const positionals = all.filter(([, { type }]) => type === 'positional')
  const options = all.filter(([, { type }]) => type !== 'positional')
  const names = Object.keys(subCommands)
  const usage = [
    title,
    ...(names.length > 0 ? [runsAlone ? '[COMMAND]' : 'COMMAND'] : []),
    ...positionals.map(([name, { required }]) => (required === false ? `[${name.toUpperCase()}]` : name.toUpperCase())),
    ...(options.length > 0 ? ['[OPTIONS]'] : []),
  ]
  const rows: [string, string][] = [
    ...names.map((name): [string, string] => [name, summarise(textOf(subCommands[name]))]),
    ...positionals.map(([name, arg]): [string, string] => [name.toUpperCase(), describe(arg)]),
    ...options.map(([name, arg]): [string, string] => [nameOption(name, arg), describe(arg)]),
  ]
  return `${[
    ...joinParagraphs(description.trim()).flatMap(line => (line.startsWith(' ') ? [line] : wrap(line, columns))),
    '',
    `${pc.bold('Usage:')} ${usage.join(' ')}`,
    '',
    ...formatRows(rows, columns),
    ...(names.length > 0 ? ['', `  ${title} COMMAND --help describes each of them.`] : []),
  ].join('\n')}\n`
}

/** What the first sentence of a text says, whole but for an example behind it. */
function summarise(text: string): string {
  const [sentence = ''] = (joinParagraphs(text)[0] ?? '').split(/\.(?:\s|$)|, as in: /)
  const [head = '', ...details] = sentence.split(/: /)
  // The text after a colon can be left out, unless the words before the colon lead to it.
  return details.length > 0 && !/[,]|\b(?:and|or|as|in|with|of)$/.test(head) ? head : sentence
}

/** The lines of a text, with each paragraph on one line. Examples are indented, and keep their lines. */
function joinParagraphs(text: string): string[] {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const last = lines.at(-1) ?? ''
    if (/^\S/.test(last) && /^\S/.test(line)) lines.push(`${lines.pop()} ${line}`)
    else lines.push(line)
  }
  return lines
}

function formatRows(rows: readonly [string, string][], columns: number): string[] {
  const left = Math.max(0, ...rows.map(([name]) => name.length)) + 4
  return rows.flatMap(([name, text]) =>
    wrap(text, columns - left).map((line, index) =>
      index === 0 ? `  ${pc.cyan(name)}${' '.repeat(left - 2 - name.length)}${line}` : ' '.repeat(left) + line,
    ),
  )
}

function nameOption(name: string, arg: ArgDef): string {
  const short = ['alias' in arg && arg.alias ? arg.alias : []].flat().map(alias => `-${alias}, `)
  const value = arg.type === 'boolean' ? '' : ` ${arg.valueHint ?? 'VALUE'}`
  return `${short.join('')}--${name}${value}`
}

function describe(arg: ArgDef): string {
  return `${arg.description ?? ''}${typeof arg.default === 'string' ? ` (${arg.default} by default)` : ''}`
}

function textOf(command: CommandDef | undefined): string {
  const meta: unknown = command?.meta
  return typeof meta === 'object' && meta !== null && 'description' in meta ? String(meta.description) : ''
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
