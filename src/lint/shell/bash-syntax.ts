import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The message of bash for a script that it cannot read. */
export interface SyntaxError {
  /** Line of the script, counted from 1. */
  readonly line: number
  readonly message: string
}

/**
 * Reads every script from standard input, and parses it in a fork that executes nothing: `set -n` works from its second line on.
 * One fork for each script would take most of the time, so 64 are tried together first. Each stands once in parentheses and once in
 * braces. If a script leaves something open, or closes too much, one of the two has a mistake, whatever its neighbours are. Behind each
 * stands text that is a comment after a complete script. In a string that is still open, it ends the string and is a mistake. After
 * a mistake, each script is tried alone. So is every script with a here-document, which could end in one of its neighbours.
 * All of this is one line, because the line numbers of errors begin there.
 */
const DRIVER = [
  'LC_ALL=C',
  "newline=$'\\n'",
  "closed=$'\\n#\\';;\\n#\";;\\n#`;;\\n'",
  `parse() { (eval "set -n$newline$1") </dev/null 2>&1`,
  '}',
  'mapfile -d "" -t scripts',
  `for ((start = 0; start < \${#scripts[@]}; start += 64)); do batch=("\${scripts[@]:start:64}")`,
  'together=',
  `for script in "\${batch[@]}"; do [[ $script == *"<<"* ]] || together+="( :$newline$script$closed)$newline{ :$newline$script$closed}$newline"`,
  'done',
  'said=$(parse "$together") && [ -z "$said" ] && fine=1 || fine=',
  `for script in "\${batch[@]}"; do [[ $fine && $script != *"<<"* ]] || parse "$script"`,
  'printf "\\0"',
  'done',
  'done',
].join('; ')

/**
 * Finds the syntax errors of scripts without running them, in one bash process. The answer has one entry for each script.
 * Throws when there is no bash.
 */
export async function findSyntaxErrors(scripts: readonly string[]): Promise<(SyntaxError | undefined)[]> {
  if (scripts.length === 0) return []
  const input = openText(scripts.map(script => `${script.replaceAll('\0', ' ')}\0`).join(''))
  try {
    const answers = (await runBash(input)).split('\0')
    if (answers.length <= scripts.length) throw new Error('bash did not read all the scripts')
    return scripts.map((script, index) => readAnswer(answers[index] ?? '', script))
  } finally {
    closeSync(input)
  }
}

/**
 * Opens a text as a file without a name. A pipe would be filled only while this thread is free, which it seldom is.
 * Nothing here waits, so bash starts to work before this thread is busy.
 */
function openText(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-check-'))
  try {
    writeFileSync(join(folder, 'scripts'), text)
    return openSync(join(folder, 'scripts'), 'r')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function runBash(input: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '--noprofile', '-c', DRIVER], { stdio: [input, 'pipe', 'ignore'] })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', () => resolve(Buffer.concat(chunks).toString()))
  })
}

function readAnswer(answer: string, script: string): SyntaxError | undefined {
  const [, line = '', message = ''] = /line (\d+): (.*)/.exec(answer) ?? []
  if (message === '') return undefined
  const last = script.replace(/\n+$/, '').split('\n').length
  const open = /here-document at line (\d+) delimited by end-of-file \(wanted `(.*)'\)/.exec(answer)
  const at = Number(open?.[1] ?? line) - 1
  return {
    line: Math.min(Math.max(at, 1), last),
    message: open ? `The here-document is never closed by ${open[2]}` : readable(message),
  }
}

function readable(message: string): string {
  return message.replace(/^syntax error: (?=unexpected)/, '').replace(/`(.+?)'(?!')/g, '“$1”')
}
