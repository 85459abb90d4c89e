import { findStarted, isLeftover, type Started } from './running-block.ts'

/** An error that nobody waited for, and what it is the end of, if that is known. */
export interface Stray {
  readonly error: unknown
  readonly started: Started | undefined
}

/** What is heard of such errors while a block runs. */
export interface Strays {
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
    if (isOver || isLeftover()) return
    stray ??= { error, started: findStarted(promise) }
    resolve()
  }
  for (const event of EVENTS) process.removeAllListeners(event)
  // Kept until the next block: one that comes late must not end this process.
  for (const event of EVENTS) process.on(event, onStray)
  return {
    caught,
    first: () => stray,
    ignore() {
      isOver = true
    },
  }
}

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const
