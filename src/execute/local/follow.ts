import { findRunning, forgetEnded, notePromise, noteStarted, type RunningBlock, runStarted } from './running-block.ts'

/**
 * A function, or what has functions: each promise that they give is noted as started by the running block, until it settles. To handle
 * its rejection remains the block's to do. They refuse to be called by a block that is over.
 */
export function follow(verb: string, value: unknown, owner?: RunningBlock): unknown {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return value
  return new Proxy(value, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      const isFollowed = Object.hasOwn(target, key) && (typeof member === 'function' || key === 'promises')
      return isFollowed ? follow(`${verb}.${String(key)}`, member, owner) : member
    },
    apply: (target, self, args) =>
      typeof target === 'function' && call(findRunning(verb, owner), verb, () => Reflect.apply(target, self, args)),
  })
}

function call(block: RunningBlock, verb: string, run: () => unknown): unknown {
  let isPending = true
  const started = noteStarted(block, { verb, trace: new Error(verb), isPending: () => isPending })
  const end = () => {
    isPending = false
    block.started.delete(started)
  }
  let promise: Promise<unknown> | undefined
  try {
    const result = runStarted(block, started, run)
    // A command is noted by itself, and has methods of its own.
    if (!(result instanceof Promise) || 'stage' in result) return result
    promise = result
  } finally {
    if (!promise) end()
  }
  const followed = Object.assign(waitUntil(promise, end), promise)
  notePromise(followed, started)
  return followed
}

/** A promise that settles as another one does, right after `end` is called. */
async function waitUntil<T>(promise: Promise<T>, end: () => void): Promise<T> {
  try {
    return await promise
  } finally {
    end()
  }
}

type Core = typeof import('zx/core')
type Command = InstanceType<Core['ProcessPromise']>

/**
 * Has every command of zx noted from its start, however it is started: by `$`, by a pipe, or after a halt. Whether it has ended is read
 * from itself, since to wait for it would be to handle its failure.
 */
export function followCommands({ ProcessPromise }: Core): void {
  const { run, then, timeout } = ProcessPromise.prototype
  const awaited = new WeakSet<Command>()
  let isZx = false
  const replace = (name: keyof Command, value: (this: Command, ...args: never) => unknown) =>
    Object.defineProperty(ProcessPromise.prototype, name, { value, writable: true, configurable: true })
  replace('run', function () {
    if (this.stage !== 'initial' && this.stage !== 'halted') return run.call(this)
    const block = findRunning('a command')
    forgetEnded(block)
    const started = noteStarted(block, {
      trace: new Error('command'),
      isPending: () => this.output === null,
      findLoss: () => (this.stage === 'rejected' && !awaited.has(this) ? this.output : undefined),
    })
    notePromise(this, started)
    // The failure of such a one is thrown at whoever runs it, and is not lost.
    if (this.sync) this.catch(() => {})
    return runStarted(block, started, () => run.call(this))
  })
  replace('then', function (...handlers: Parameters<Command['then']>) {
    if (!isZx) awaited.add(this)
    return then.apply(this, handlers)
  })
  // zx itself waits for a command that has a time limit, and with that hides its failure.
  replace('timeout', function (...limit: Parameters<Command['timeout']>) {
    isZx = true
    try {
      return timeout.apply(this, limit)
    } finally {
      isZx = false
    }
  })
}
