import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import type { Holder, PastHolder } from '../lease.ts'
import { draftOf } from './places.ts'
import { shareFile, WRITES_OVER } from './share.ts'

/** What a lease's file says. One without `renews` was written by a holder that does not renew it. */
export type LeaseFile =
  | {
      readonly state: 'held'
      readonly holder: Holder
      readonly renews?: number
      readonly counter?: string
      readonly gone: readonly PastHolder[]
    }
  | { readonly state: 'released'; readonly gone: readonly PastHolder[] }
  | { readonly state: 'damaged'; readonly problem: string }

/** The digits of a counter: it is written over in place, so its length never changes. */
const COUNTER_DIGITS = 12

/** What stands before a counter in the file. */
const COUNTER_MARK = '"counter":"'

/** Reads a lease's file. One that is gone was released, or taken over since it was seen. */
export function readLeaseFile(file: string): LeaseFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { state: 'released', gone: [] }
    return { state: 'damaged', problem: `it cannot be read: ${error instanceof Error ? error.message : error}` }
  }
  const content = parse(text)
  if (content === undefined) return { state: 'damaged', problem: 'it is not what a holder writes' }
  const gone = readGone(content.gone)
  if ('released' in content) return { state: 'released', gone }
  const { user, host, pid, start, run, since, folder, renews, counter } = content
  if (typeof host !== 'string' || typeof pid !== 'number' || typeof run !== 'string')
    return { state: 'damaged', problem: 'it does not say who holds it' }
  return {
    state: 'held',
    holder: {
      user: typeof user === 'string' ? user : 'somebody',
      host,
      pid,
      ...(typeof start === 'string' ? { start } : {}),
      run,
      since: typeof since === 'string' ? since : '',
      ...(typeof folder === 'string' ? { folder } : {}),
    },
    ...(typeof renews === 'number' && renews > 0 && typeof counter === 'string' ? { renews, counter } : {}),
    gone,
  }
}

/** Creates a lease's file with all its content at once; false when it is there already. */
export function createLeaseFile(
  file: string,
  holder: Holder,
  { renews, gone }: { readonly renews: number; readonly gone: readonly PastHolder[] },
): boolean {
  const draft = draftOf(file)
  const content = { ...holder, renews, counter: '0'.repeat(COUNTER_DIGITS), ...(gone.length > 0 ? { gone } : {}) }
  try {
    writeFileSync(draft, `${JSON.stringify(content)}\n`)
    linkSync(shareFile(draft), file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A released lease stays as the highest number: numbers are never used twice. On a full disk it is written over in place. */
export function releaseLeaseFile(file: string, gone: readonly PastHolder[]): void {
  const draft = draftOf(file)
  const content = JSON.stringify({ released: new Date().toISOString(), gone })
  try {
    writeFileSync(draft, `${content}\n`)
    renameSync(shareFile(draft), file)
  } catch {
    rmSync(draft, { force: true })
    // In one go, and as long as before: whoever reads it reads all of one or of the other.
    const length = statSync(file).size - 1
    const opened = openSync(file, WRITES_OVER)
    try {
      writeSync(opened, `${content.padEnd(length)}\n`, 0)
    } finally {
      closeSync(opened)
    }
  }
}

/** The highest number of a lease's folder; 0 when nobody ever held it. */
export function findLast(folder: string): number {
  return Math.max(0, ...listNumbers(folder))
}

/** The numbers of a lease's folder, in no order. */
export function listNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap(name => (/^\d+$/.test(name) ? Number(name) : []))
}

function readGone(value: unknown): PastHolder[] {
  return (Array.isArray(value) ? value : []).flatMap((one: Partial<Record<keyof PastHolder, unknown>> | null) =>
    typeof one?.host === 'string' && typeof one.pid === 'number'
      ? { host: one.host, pid: one.pid, ...(typeof one.start === 'string' ? { start: one.start } : {}) }
      : [],
  )
}

function parse(text: string): Partial<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null ? { ...content } : undefined
  } catch {
    return undefined
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * Counts on in a lease's file until it is stopped, so that others see that its holder is alive. It is written over in place: a file
 * that somebody took over is gone, and is not made anew. What cannot be written is tried again: others take it for a holder who is gone.
 */
export function renewLease(file: string, renews: number): () => void {
  let count = 0
  let position: number | undefined
  let busy = false
  const renew = async () => {
    position ??= (await readFile(file)).indexOf(COUNTER_MARK) + COUNTER_MARK.length
    count += 1
    // Opened anew each time: on a shared folder, what is closed is what others see.
    const opened = await open(file, WRITES_OVER)
    try {
      if (!stopped) await opened.write(String(count).padStart(COUNTER_DIGITS, '0'), position)
    } finally {
      await opened.close()
    }
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void renew()
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }, renews).unref()
  let stopped = false
  return () => {
    stopped = true
    clearInterval(timer)
  }
}
