// Writes the program `hb`: src/execute/local/hb with its usage, and with the verbs that only pass on what they are told, from the table
// of verbs in src/procedure/shell-verbs.ts.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { transform } from 'esbuild'

/** Writes `hb` to a file, which it makes executable. */
export async function writeHb(file) {
  const source = await readFile('src/execute/local/hb', 'utf8')
  const table = Object.entries(await readTable())
  const usage = table.map(([verb, { words, does }]) => {
    return `${`hb ${verb} ${words.replace(/\S+\|\S+/, 'ACTION')}`.padEnd(26)} ${does}`
  })
  const verbs = table
    .filter(([verb]) => !source.includes(`\n  ${verb})`))
    .map(([verb, { least, ends }]) => {
      return `  ${verb}) [ $# -gt ${least} ] || usage "$@"; shift; say ${verb} "$*"${ends ? '; exit 78' : ''} ;;`
    })
  const text = source.replace('@usage', () => usage.join('\n')).replace('@verbs', () => verbs.join('\n'))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text, { mode: 0o755 })
}

async function readTable() {
  const { code } = await transform(await readFile('src/procedure/shell-verbs.ts', 'utf8'), { loader: 'ts' })
  const { SHELL_VERBS } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return SHELL_VERBS
}
