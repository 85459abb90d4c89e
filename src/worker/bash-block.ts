import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toVariable } from '../base/index.ts'
import type { Json } from '../journal/index.ts'
import type { BlockRequest, BlockResult, Report } from './protocol.ts'

/** The streams that bash and its children write to; nothing else in the worker touches them. */
export const BASH_STDOUT = 4
export const BASH_STDERR = 5

/** Runs a bash block, to the letter, with `set -euo pipefail` on. */
export async function runBash(request: BlockRequest, tell: (report: Report) => void): Promise<BlockResult> {
  const missing = findMissingStep(request)
  if (missing) return { status: 'blocked', reason: `the step ${missing} gave no value` }
  const output = join(request.folder, 'output')
  const ended = await start(request, output)
  const said = readWords(join(request.folder, 'said'))
  let result: BlockResult | undefined
  for (const [verb, first = '', second = ''] of said) {
    if (verb === 'suggest') tell({ type: 'suggested', step: first, why: second })
    else if (verb === 'evidence') tell({ type: 'evidence', name: first, file: second })
    else if (verb === 'rule-out') result = { status: 'ruled-out', reason: first }
    else if (verb === 'skip') result = { status: 'skipped', reason: first }
  }
  if (result) return result
  if (ended.message) return { status: 'failed', error: { message: ended.message } }
  const value = readOutput(output)
  return value ? { status: 'passed', value } : { status: 'passed' }
}

function start(request: BlockRequest, output: string): Promise<{ message?: string }> {
  const { code, lines, file, cwd, variables } = request
  // Empty lines before the code make bash speak of the page's own lines.
  const script = '\n'.repeat(Math.max(0, (lines[0]?.line ?? 1) - 1)) + code
  return new Promise(resolve => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script, file], {
      cwd,
      env: { ...variables, STEP_OUTPUT: output },
      stdio: ['ignore', BASH_STDOUT, BASH_STDERR],
    })
    child.on('error', error => resolve({ message: `bash could not be started: ${error.message}` }))
    child.on('exit', (exitCode, signal) => {
      if (exitCode === 0) resolve({})
      else resolve({ message: signal ? `bash was ended by ${signal}` : `bash ended with exit code ${exitCode}` })
    })
  })
}

/** A step whose value the block reads without a default, although it has none. */
function findMissingStep({ code, steps, values }: BlockRequest): string | undefined {
  return steps.find(
    id => !(id in values) && new RegExp(`\\$(?:STEP_${toVariable(id)}_|\\{STEP_${toVariable(id)}_\\w+\\})`).test(code),
  )
}

/** The words that `hb` wrote: for each call their number, then the words, each ended by NUL. */
function readWords(path: string): string[][] {
  const words = read(path).split('\0')
  const calls: string[][] = []
  for (let at = 0; at < words.length - 1; ) {
    const count = Number(words[at])
    calls.push(words.slice(at + 1, at + 1 + count))
    at += 1 + count
  }
  return calls
}

function readOutput(path: string): Record<string, Json> | undefined {
  const pairs = read(path)
    .split('\n')
    .filter(line => line.includes('='))
    .map(line => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)] as const)
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
