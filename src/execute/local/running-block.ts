import { AsyncLocalStorage } from 'node:async_hooks'
import type { BlockReport } from '../protocol.ts'

/** A block while it runs: where it reports, what it has started, and how it is ended at once. */
export interface RunningBlock {
  readonly tell: (report: BlockReport) => void
  readonly started: Set<Started>
  /** The name of its code in stack traces. */
  readonly script: string
  /** Whether its code seems to write to commands, maybe some time after they were started. */
  readonly feeds: boolean
  /** Fails the block, and lets no more code run in this process. */
  readonly leave: (error: Error) => never
}

/** What a block started and what takes its time. */
export interface Started {
  /** A verb's name; none of a command. */
  readonly verb?: string
  /** Made where it was started. */
  readonly trace: Error
  isPending(): boolean
  /** Whether it was sent its end, by the block itself: that is no failure of it. */
  isEnding?(): boolean
  /** What it failed with, if nothing has awaited it and nothing else tells. */
  findLoss?(): unknown
  /** Whether Node itself tells of it: no verb of the handbook's, and no command. */
  readonly isResource?: true
  /** Whether it computes something, and may end while its block is judged: by then it was pending all the same. */
  readonly isTask?: true
  /** What had it started. */
  readonly parent?: Started
}

/** What was started, by the promise of its end. */
const promised = new WeakMap<object, Started>()

const context = new AsyncLocalStorage<{ readonly block: RunningBlock; readonly parent?: Started }>()
let current: RunningBlock | undefined

/** Runs a block's code: whatever that starts belongs to the block, which is over when this resolves. */
export async function runAs<T>(block: RunningBlock, run: () => Promise<T>): Promise<T> {
  current = block
  try {
    return await context.run({ block }, run)
  } finally {
    current = undefined
  }
}

/** Whether the code that runs now belongs to a block that is over. */
export function isLeftover(): boolean {
  const owner = context.getStore()?.block
  return owner !== undefined && owner !== current
}

/** The block whose output is written now; none once that is over. */
export function findWriter(): RunningBlock | undefined {
  const owner = context.getStore()?.block ?? current
  return owner === current ? owner : undefined
}

/** Whose code runs now: the block that has not ended, and what of it had this started. */
export function findOwner(): { readonly block: RunningBlock; readonly parent?: Started } | undefined {
  const owner = context.getStore()
  return owner?.block === current ? owner : undefined
}

/** The block to which the code that runs now belongs. Throws once that is over: whatever it asks for would be taken for another's. */
export function findRunning(what: string, owner = context.getStore()?.block ?? current): RunningBlock {
  if (owner === undefined || owner !== current) throw new Error(`${what} was called after its block had ended`)
  return owner
}

/** Notes what a block has started. */
export function noteStarted({ started }: RunningBlock, one: Omit<Started, 'parent'>): Started {
  const parent = context.getStore()?.parent
  const noted = parent ? { ...one, parent } : one
  started.add(noted)
  return noted
}

/** Forgets what has ended by itself: what it gave need not be kept. */
export function forgetEnded({ started }: Pick<RunningBlock, 'started'>): void {
  for (const one of started) if (!one.isPending() && one.findLoss?.() === undefined) started.delete(one)
}

/** Runs what was noted, the parent of whatever it starts in turn. */
export function runStarted<T>(block: RunningBlock, parent: Started, run: () => T): T {
  return context.run({ block, parent }, run)
}

/** What a block has started and is pending; but nothing that only something pending waits for. */
export function listPending({ started }: RunningBlock): readonly Started[] {
  const isWaitedFor = ({ parent }: Started): boolean =>
    parent !== undefined && (parent.isPending() || isWaitedFor(parent))
  const pending = [...started].filter(one => one.isPending() && !isWaitedFor(one))
  // What was called tells more than what Node makes of it.
  const called = pending.filter(({ isResource }) => !isResource)
  return called.length > 0 ? called : pending
}

/** What a block has started that computes something still. */
export function listTasks({ started }: RunningBlock): readonly Started[] {
  return [...started].filter(one => one.isTask && one.isPending())
}

/** Notes by which promise something that was started tells its end. */
export function notePromise(promise: object, one: Started): void {
  promised.set(promise, one)
}

/** What was started, if this is the promise of its end. */
export function findStarted(promise: unknown): Started | undefined {
  return typeof promise === 'object' && promise !== null ? promised.get(promise) : undefined
}
