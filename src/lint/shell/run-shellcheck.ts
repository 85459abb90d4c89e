import { spawn } from 'node:child_process'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod/mini'

/** What ShellCheck says of a script. */
export interface ShellcheckComment {
  /** Line of the script, counted from 1. */
  readonly line: number
  /** Column, counted from 1, in UTF-16 code units. */
  readonly column: number
  readonly level: 'error' | 'warning'
  /** The number of `SC2086`. */
  readonly code: number
  readonly message: string
}

/** Tells ShellCheck that the runner sets -e. A directive on the next line still counts for the whole block. */
const HEAD = '#!/usr/bin/env -S bash -e\n'
/** SC2154 (a variable that nothing assigns) is left out: only our own rule knows parameters, the target and values of steps. */
const ARGUMENTS = ['--norc', '--severity=warning', '--shell=bash', '--format=json1', '--exclude=SC2154']
/** The most scripts for one process: every system allows so many names on a command line. */
const MOST = 500

const answer = z.object({
  comments: z.array(
    z.object({
      file: z.string(),
      line: z.number(),
      column: z.number(),
      level: z.enum(['error', 'warning', 'info', 'style']),
      code: z.number(),
      message: z.string(),
    }),
  ),
})

/** What ShellCheck says of scripts, in their order: one process for 500 of them, equal ones asked about once. Throws when there is none. */
export async function runShellcheck(scripts: readonly string[]): Promise<(readonly ShellcheckComment[])[]> {
  const different = [...new Set(scripts)]
  const known = new Map<string, ShellcheckComment[]>()
  for (let start = 0; start < different.length; start += MOST) {
    const batch = different.slice(start, start + MOST)
    for (const [script, comments] of await askAbout(batch)) known.set(script, comments)
  }
  return scripts.map(script => known.get(script) ?? [])
}

async function askAbout(scripts: readonly string[]): Promise<Map<string, ShellcheckComment[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-shellcheck-'))
  try {
    const files = scripts.map((_, index) => join(folder, String(index)))
    await Promise.all(files.map((file, index) => writeFile(file, HEAD + scripts[index])))
    const { comments } = answer.parse(JSON.parse(await spawnShellcheck(files, join(folder, 'answer'))))
    return new Map(
      scripts.map((script, index) => [
        script,
        comments.flatMap(({ file, line, column, level, code, message }) =>
          file === files[index] && (level === 'error' || level === 'warning')
            ? [{ ...toPlace(script, line - 1, column), level, code, message }]
            : [],
        ),
      ]),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The answer goes to a file, because a pipe would be read only while this thread is free, which it seldom is. */
async function spawnShellcheck(files: readonly string[], answerFile: string): Promise<string> {
  const output = await open(answerFile, 'w')
  try {
    await new Promise<void>((resolve, reject) => {
      const stdio = ['ignore' as const, output.fd, 'ignore' as const]
      const child = spawn('shellcheck', [...ARGUMENTS, '--', ...files], { stdio })
      child.on('error', reject)
      child.on('close', () => resolve())
    })
  } finally {
    await output.close()
  }
  return readFile(answerFile, 'utf8')
}

/** ShellCheck counts columns in characters. A place on our own first line means the whole script. */
function toPlace(script: string, line: number, column: number): { line: number; column: number } {
  const text = script.split('\n')[line - 1]
  if (text === undefined) return { line: 1, column: 1 }
  return { line, column: [...text].slice(0, column - 1).join('').length + 1 }
}
