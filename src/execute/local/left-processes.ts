import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LeftProcess, StepError } from '../../journal/index.ts'
import type { Place } from '../../procedure/index.ts'
import type { BlockRequest, BlockResult } from '../protocol.ts'
import { endMarked } from './process-tree.ts'
import type { Supervisor } from './program.ts'

/** Milliseconds in which what is about to end, such as the `tee` of `> >(tee log)`, has ended. */
const GRACE = 1000

/**
 * What becomes of the processes that a block started and that outlive it. They go on when the step says so, or when they belong to a
 * service that it started. Otherwise the step has failed, and they are ended. `isKilled` tells whether somebody ends everything now.
 */
export async function settleLeft(
  supervisor: Supervisor,
  request: BlockRequest,
  result: BlockResult,
  isKilled: () => boolean,
): Promise<BlockResult> {
  const deadline = performance.now() + GRACE
  for (;;) {
    const found = await supervisor.look()
    if (found.length === 0) return result
    const [allowed, others] = request.mayLeave ? [found, []] : divide(found, request)
    if (others.length > 0 && !isKilled() && performance.now() < deadline) {
      await sleep(PAUSE)
      continue
    }
    const left = await describeAll(allowed)
    const named = await describeAll(others)
    if (allowed.length > 0) await supervisor.spare(request.mayLeave ? [] : allowed)
    if (others.length > 0) await supervisor.sweep()
    const told = left.length > 0 ? { left: left.map(({ pid, words }) => ({ pid, command: words.join(' ') })) } : {}
    return named.length > 0
      ? { status: 'failed', error: describeOutliving(named, request), ...told }
      : { ...result, ...told }
  }
}

/** Ends what carries the mark of a block when nothing else could; what does not end, not even by SIGKILL, is named. */
export async function settleUnguarded(request: BlockRequest, result: BlockResult): Promise<BlockResult> {
  const remaining = await describeAll(await endMarked(`HB_FOLDER=${request.place.folder}`))
  if (remaining.length === 0 || result.status !== 'failed') return result
  const named = remaining.map(({ pid, words }) => `${words.join(' ')} (process ${pid})`).join(', ')
  return { ...result, error: { ...result.error, message: `${result.error.message}. Still running: ${named}` } }
}

const PAUSE = 20

/** Processes of services that the block started, and the others. */
function divide(
  pids: readonly number[],
  { serviceMark, language, place }: BlockRequest,
): readonly [number[], number[]] {
  const hasStarted = language === 'ts' || hasAskedForService(place.folder)
  const allowed = pids.filter(
    pid => hasStarted && `\0${read(pid, 'environ')}`.includes(`\0HB_OF_SERVICE=${serviceMark}\0`),
  )
  return [allowed, pids.filter(pid => !allowed.includes(pid))]
}

function hasAskedForService(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'said'), 'utf8').split('\0').includes('service')
  } catch {
    return false
  }
}

/** A process and what it runs. */
interface Outliving extends Pick<LeftProcess, 'pid'> {
  readonly words: readonly string[]
}

/** Milliseconds in which a process that begins another program has the words of that one. */
const BEGINNING = 200

/** What processes run, but those that are gone already. */
async function describeAll(pids: readonly number[]): Promise<Outliving[]> {
  return (await Promise.all(pids.map(describeProcess))).filter(process => process !== undefined)
}

/** What a process runs, as Linux tells it; nothing when it is gone already. */
async function describeProcess(pid: number): Promise<Outliving | undefined> {
  const deadline = performance.now() + BEGINNING
  for (;;) {
    const words = read(pid, 'cmdline')
      .split('\0')
      .map(word => word.replace(/[\s\p{Cc}]+/gu, ' ').trim())
      .filter(Boolean)
    if (words.length > 0)
      return { pid, words: words.slice(0, BLOCK.length).join(' ') === BLOCK.join(' ') ? PART : words }
    // Gone, or only its parent has not heard of its end.
    const status = read(pid, 'status')
    if (status === '' || /^State:\s+[ZX]/m.test(status)) return undefined
    if (performance.now() >= deadline) return { pid, words: [`[${/^Name:\s*(.*)$/m.exec(status)?.[1] ?? ''}]`] }
    await sleep(1)
  }
}

/** How the shell of a bash block begins, and what one that it forked is called: its words are the whole block. */
const BLOCK = ['bash', '-euo', 'pipefail', '-c']
const PART = ['bash', '(a part of this block)']

/** The most processes that are named, and the longest command line that is shown: what is cut could not be redacted any more. */
const LIMIT = 5
const WIDTH = 200

function describeOutliving(left: readonly Outliving[], request: BlockRequest): StepError {
  const places = left.map(({ words }) => findStart(words, request))
  const named = left.slice(0, LIMIT).map(({ pid, words }, index) => {
    const command = words.join(' ')
    const line = places[index]?.line
    const shown = command.length > WIDTH ? `${words[0]?.slice(0, WIDTH)} …` : command
    return `${shown} (process ${pid}${line === undefined ? '' : `, started at line ${line}`})`
  })
  const more = left.length > LIMIT ? ` and ${left.length - LIMIT} more` : ''
  const were =
    left.length === 1
      ? 'was still running when the block ended, and was'
      : 'were still running when the block ended, and were'
  const place = places.find(Boolean)
  return {
    message: `${named.join(', ')}${more} ${were} ended`,
    ...(place === undefined ? {} : { line: place.line, column: place.column }),
    hint: 'Wait for it, or start it by hb service. If it is to go on, write why behind the language: leaves="why"',
  }
}

/** What has a line of a block start something beside it. */
const BESIDE = /(?<![&>|])&(?![&>\d])|\b(?:nohup|setsid|disown|coproc|spawn|fork|unref|detached|daemon)\b|[<>]\(/

/** The line that started a process, if only one looks like it: it has most of the process's words. */
function findStart(words: readonly string[], { code, lines }: BlockRequest): Place | undefined {
  const wanted = words === PART ? [] : words.map((word, index) => (index === 0 ? word.replace(/^.*\//, '') : word))
  const scored = code.split('\n').flatMap((text, index) => {
    const matches = new Set(wanted.filter(word => hasWord(text, word))).size
    const place = lines[index]
    const score = 2 * matches + (BESIDE.test(text) ? 1 : 0)
    return place && score > (words === PART ? 0 : 1) ? [{ place, score }] : []
  })
  const best = Math.max(...scored.map(({ score }) => score))
  const [first, ...others] = scored.filter(({ score }) => score === best)
  return others.length === 0 ? first?.place : undefined
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  if (at < 0 || word === '') return false
  return !/[\w.]/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + word.length))
}

function read(pid: number, what: 'environ' | 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}
