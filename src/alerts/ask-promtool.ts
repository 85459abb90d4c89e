import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What promtool has against a rule file: nothing, when it takes it. `undefined` when it did not get that far. */
export type PromtoolVerdict = readonly string[] | undefined

/** How long promtool may take for all files, in milliseconds. */
const LONGEST = 60_000

/**
 * The verdict of `promtool check rules` on texts, in their order, of one process. They are copies, so that a name of a file cannot be taken
 * for an option or for a part of an error. Throws when promtool cannot be asked.
 */
export async function askPromtool(texts: readonly (Uint8Array | string)[]): Promise<readonly PromtoolVerdict[]> {
  if (texts.length === 0) return []
  const folder = await mkdtemp(join(tmpdir(), 'handbook-promtool-'))
  try {
    const files = texts.map((_, index) => join(folder, String(index)))
    await Promise.all(files.map((file, index) => writeFile(file, texts[index] ?? '')))
    const { stdout, stderr } = await run(['check', 'rules', '--lint=none', ...files])
    const taken = new Set(
      stdout.split(/^Checking /m).flatMap(text => (/^ {2}SUCCESS/m.test(text) ? text.split('\n')[0] : [])),
    )
    const refused = readErrors(stderr, folder)
    const verdicts = files.map(file => {
      const errors = refused.flatMap(error => (error.file === file ? splitError(error.text) : []))
      return errors.length > 0 ? [...new Set(errors)] : taken.has(file) ? [] : undefined
    })
    if (verdicts.every(verdict => verdict === undefined)) throw new Error(stderr.split('\n')[0] || 'it said nothing')
    return verdicts
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The version of promtool that is installed, such as `2.42`. */
export async function askPromtoolVersion(): Promise<string> {
  const { stdout, stderr } = await run(['--version'])
  return /version (\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? 'of an unknown version'
}

/** Each error begins on a line with the path of its file, and may go on for more lines. */
function readErrors(stderr: string, folder: string): readonly { readonly file: string; readonly text: string }[] {
  const errors: { file: string; text: string }[] = []
  for (const line of stderr.split('\n')) {
    const [, name, text] = line.startsWith(`${folder}/`)
      ? (/^(\d+): (.*)/.exec(line.slice(folder.length + 1)) ?? [])
      : []
    const last = errors.at(-1)
    if (name !== undefined && text !== undefined) errors.push({ file: join(folder, name), text })
    else if (last && line !== '  FAILED:') last.text += `\n${line}`
  }
  return errors.map(({ file, text }) => ({ file, text: text.trimEnd() }))
}

/** The mistakes of YAML's types come as one error, each on a line of its own. */
function splitError(error: string): readonly string[] {
  return error.startsWith('yaml: unmarshal errors:') ? error.split(/\n {2}(?=line \d+: )/).slice(1) : [error]
}

/** Its code when it ends does not matter: a file that is refused is no failure of promtool. */
function run(args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile('promtool', args, { timeout: LONGEST, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error?.killed) reject(new Error(`it took longer than ${LONGEST / 1000} s`))
      else if (typeof error?.code === 'string') reject(error)
      else resolve({ stdout, stderr })
    })
  })
}
