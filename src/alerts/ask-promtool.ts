import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What promtool has against a rule file: nothing, when it takes it. A text says why there is no verdict. */
export type PromtoolVerdict = readonly string[] | string

/** How long promtool may take until it is done with a set of files, in milliseconds. */
const LONGEST = 30_000
/** How often it is asked again without the file that it could not come past. */
const MOST_TRIES = 5

/**
 * The verdict of `promtool check rules` on texts, in their order, of one process where that comes to its end. They are copies, so that a
 * name of a file cannot be taken for an option or for a part of an error. Throws when promtool cannot be asked.
 */
export async function askPromtool(texts: readonly (Uint8Array | string)[]): Promise<readonly PromtoolVerdict[]> {
  if (texts.length === 0) return []
  const folder = await mkdtemp(join(tmpdir(), 'handbook-promtool-'))
  try {
    const files = texts.map((_, index) => join(folder, String(index)))
    await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? '')))
    const verdicts = new Map<string, PromtoolVerdict>()
    let waiting = files
    for (let tries = 0; waiting.length > 0 && tries < MOST_TRIES; tries++) {
      const { stdout, stderr, late } = await run(['check', 'rules', '--lint=none', ...waiting])
      if (!stdout.startsWith('Checking ')) throw new Error(stderr.split('\n')[0] || 'it said nothing')
      for (const [file, verdict] of readVerdicts(stdout, stderr, waiting)) verdicts.set(file, verdict)
      // It takes them in their order: the first without a verdict is the one that it did not come past.
      const [stuck, ...others] = waiting.filter(file => !verdicts.has(file))
      if (stuck !== undefined)
        verdicts.set(stuck, late ? `did not come to an end within ${LONGEST / 1000} s` : 'crashed')
      waiting = others
    }
    return files.map(file => verdicts.get(file) ?? 'had crashed too often before it')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The files that promtool came to an end with, each with what it has against it. */
function readVerdicts(
  stdout: string,
  stderr: string,
  files: readonly string[],
): readonly (readonly [file: string, verdict: readonly string[]])[] {
  const taken = new Set(
    stdout.split(/^Checking /m).flatMap(text => (/^ {2}SUCCESS/m.test(text) ? text.split('\n')[0] : [])),
  )
  const refused = readErrors(stderr, files)
  return files.flatMap(file => {
    const errors = refused.flatMap(error => (error.file === file ? splitError(error.text) : []))
    if (errors.length > 0) return [[file, [...new Set(errors)]] as const]
    return taken.has(file) ? [[file, []] as const] : []
  })
}

/** The version of promtool that is installed, such as `2.42`. */
export async function askPromtoolVersion(): Promise<string> {
  const { stdout, stderr } = await run(['--version'])
  return /version (\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? 'of an unknown version'
}

/** Each error begins on a line with the path of its file, and may go on for more lines. */
function readErrors(
  stderr: string,
  files: readonly string[],
): readonly { readonly file: string; readonly text: string }[] {
  const known = new Set(files)
  const errors: { file: string; text: string }[] = []
  const [said = ''] = stderr.split(/^(?:panic|fatal error|runtime): /m)
  for (const line of said.split('\n')) {
    const [, file = '', text = ''] = /^(.*?\/\d+): (.*)/.exec(line) ?? []
    const last = errors.at(-1)
    if (known.has(file)) errors.push({ file, text })
    else if (last && line !== '  FAILED:') last.text += `\n${line}`
  }
  return errors.map(({ file, text }) => ({ file, text: text.trimEnd() }))
}

/** The mistakes of YAML's types come as one error, each on a line of its own. */
function splitError(error: string): readonly string[] {
  return error.startsWith('yaml: unmarshal errors:') ? error.split(/\n {2}(?=line \d+: )/).slice(1) : [error]
}

/** Its code when it ends does not matter: a file that is refused is no failure of promtool. `late`: it was ended. */
function run(
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string; readonly late: boolean }> {
  return new Promise((resolve, reject) => {
    const options = { timeout: LONGEST, maxBuffer: 2 ** 28, killSignal: 'SIGKILL' as const }
    execFile('promtool', args, options, (error, stdout, stderr) => {
      if (typeof error?.code === 'string') reject(error)
      else resolve({ stdout, stderr, late: error?.killed ?? false })
    })
  })
}
