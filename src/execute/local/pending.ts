import type { StepError } from '../../journal/index.ts'
import type { CompiledBlock } from './compile-block.ts'
import { findStarted, isLeftover, type Started } from './running-block.ts'

/** What a block left pending, each by its name and place in the page; the error's own place is the first one's. */
export function describePending(pending: readonly Started[], compiled: CompiledBlock): StepError {
  const named = pending.map(one => nameStarted(one, compiled))
  const names = [...new Set(named.map(({ name }) => name))]
  const more = names.splice(LIMIT).length
  const last = more > 0 ? `${more} more` : names.pop()
  const [what, was, those] =
    names.length === 0 ? [last, 'was', 'it'] : [`${names.join(', ')} and ${last}`, 'were', 'them']
  const place = named.find(one => one.place)?.place
  return { message: `${what} ${was} still pending when the block ended: await ${those}`, ...place }
}

/** What failed while nothing awaited it, with its own error. */
export function describeUnawaited(started: Started, { message }: StepError, compiled: CompiledBlock): StepError {
  const { name, place } = nameStarted(started, compiled)
  return { message: `${name} failed, and nothing awaited it: ${message}`, ...place }
}

/** The most things that are named. */
const LIMIT = 5

/** The most characters of a line that are shown. */
const WIDTH = 80

/** A command is shown as the page has it: what it became may hold a secret, which must not be cut. */
function nameStarted({ verb, trace }: Started, { locate }: CompiledBlock) {
  const found = locate(trace)
  if (!found) return { name: verb ?? 'a command' }
  const { text, ...place } = found
  const shown = text.length > WIDTH ? `${text.slice(0, WIDTH)}…` : text
  return { name: `${verb ?? `the command in “${shown}”`} (${place.line}:${place.column})`, place }
}

/** An error that nobody waited for, and what it is the end of, if that is known. */
export interface Stray {
  readonly error: unknown
  readonly started: Started | undefined
}

/** What is heard of such errors while a block runs. */
interface Strays {
  /** Resolves with the first one. */
  readonly caught: Promise<void>
  first(): Stray | undefined
  /** The block is over. */
  ignore(): void
}

/** Catches what nobody waits for, such as a rejected promise or an error thrown by a timer: it fails the block, too. */
export function catchStrays(): Strays {
  let stray: Stray | undefined
  let isOver = false
  let resolve = () => {}
  const caught = new Promise<void>(yes => {
    resolve = yes
  })
  const onStray = (error: unknown, promise: unknown) => {
    const started = findStarted(promise)
    if (isOver || isLeftover() || started?.isEnding?.()) return
    stray ??= { error, started }
    resolve()
  }
  for (const event of EVENTS) {
    if (heardBefore) process.off(event, heardBefore)
    process.on(event, onStray)
  }
  heardBefore = onStray
  return {
    caught,
    first: () => stray,
    ignore() {
      isOver = true
    },
  }
}

/** Hears those of the block before, where one process runs many. */
let heardBefore: ((error: unknown, promise: unknown) => void) | undefined

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const
