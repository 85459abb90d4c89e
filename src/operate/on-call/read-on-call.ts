import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { killGroup, parseDuration, parseYaml } from '../../base/index.ts'
import type { Handbook, Rota } from '../../environments/index.ts'
import type { Variables } from '../ports.ts'

/** Who is on call, as far as it is known. */
export type OnCall =
  | { readonly state: 'not-said' }
  | { readonly state: 'unknown'; readonly why: string }
  | { readonly state: 'known'; readonly rota: Rota; readonly written: Date; readonly old: boolean }

/** Milliseconds that the command may take: somebody waits for a telephone number. */
const PATIENCE = 5000
/** Characters of a rota. */
const LONGEST = 1_000_000

/** Reads the rota where `handbook.yaml` says. Whatever goes wrong is an answer: who looks for a number must not lose the page, too. */
export async function readOnCall(
  { root, file: { onCall } }: Pick<Handbook, 'root' | 'file'>,
  { env, now }: { readonly env: Variables; readonly now: Date },
): Promise<OnCall> {
  if (onCall === undefined) return { state: 'not-said' }
  const place = onCall.file ?? 'onCall.command'
  try {
    const { text, changed } =
      onCall.file === undefined
        ? { text: await runCommand(onCall.command ?? '', root, env), changed: now }
        : await readRotaFile(resolve(root, onCall.file))
    // Loaded only here: making the shapes takes longer than reading a page, and every run knows of this file.
    const { rotaSchema } = await import('../../environments/index.ts')
    const read = parseYaml(text, rotaSchema, { file: place, rule: 'on-call' })
    if ('problems' in read) {
      const [first] = read.problems
      return { state: 'unknown', why: `${place}:${first?.line}: ${first?.message}` }
    }
    const written = read.data.written === undefined ? changed : new Date(read.data.written)
    const old = now.getTime() - written.getTime() > (parseDuration(onCall.validFor) ?? 0)
    return { state: 'known', rota: read.data, written, old }
  } catch (error) {
    return { state: 'unknown', why: `${place}: ${error instanceof Error ? error.message : String(error)}` }
  }
}

async function readRotaFile(path: string): Promise<{ readonly text: string; readonly changed: Date }> {
  const [text, { mtime }] = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : error
    throw new Error(code === 'ENOENT' ? 'there is no such file' : `cannot be read (${String(code)})`)
  })
  return { text, changed: mtime }
}

function runCommand(command: string, cwd: string, env: Variables): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn('sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'], detached: true })
    const end = () => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const timer = setTimeout(() => {
      end()
      fail(new Error(`did not answer within ${PATIENCE / 1000} s`))
    }, PATIENCE)
    let text = ''
    child.stdout.on('data', chunk => {
      text += String(chunk)
      if (text.length > LONGEST) end()
    })
    child.on('error', fail)
    child.on('close', code => {
      clearTimeout(timer)
      if (code === 0) done(text)
      else fail(new Error(code === null ? 'was ended' : `ended with exit code ${code}`))
    })
  })
}
