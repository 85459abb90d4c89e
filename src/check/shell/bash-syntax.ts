import { execFile } from 'node:child_process'

/** What bash says of a script that it cannot read. */
export interface SyntaxError {
  /** Line of the script, counted from 1. */
  readonly line: number
  readonly message: string
}

/**
 * Reads every script from standard input, and has each parsed in a fork that executes nothing: `set -n` holds from its second line on.
 * One line, so that the line numbers of errors begin there.
 */
const DRIVER = [
  'LC_ALL=C',
  "newline=$'\\n'",
  'mapfile -d "" -t scripts',
  `for script in "\${scripts[@]}"; do (eval "set -n$newline$script") </dev/null 2>&1`,
  'printf "\\0"',
  'done',
].join('; ')

/**
 * What bash finds wrong with scripts, none of which it runs: one process for all of them. The answer has one entry for each script.
 * Throws when there is no bash.
 */
export function findSyntaxErrors(scripts: readonly string[]): Promise<(SyntaxError | undefined)[]> {
  if (scripts.length === 0) return Promise.resolve([])
  return new Promise((resolve, reject) => {
    const child = execFile(
      'bash',
      ['--norc', '--noprofile', '-c', DRIVER],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        const answers = stdout.split('\0')
        if (answers.length <= scripts.length) reject(error ?? new Error('bash did not read all the scripts'))
        else resolve(scripts.map((script, index) => readAnswer(answers[index] ?? '', script)))
      },
    )
    child.stdin?.on('error', () => {}) // bash is gone; its exit tells why
    child.stdin?.end(scripts.map(script => `${script.replaceAll('\0', ' ')}\0`).join(''))
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
