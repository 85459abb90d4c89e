import { Writable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers'
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
  const followed = Object.assign(waitUntil(promise, end), promise, followPipe(promise))
  notePromise(followed, started)
  return followed
}

/** Commands that something is written or piped to. */
const fed = new WeakSet<object>()

/** The `pipe` of an answer that is still awaited: zx writes to the command once the answer has come. */
function followPipe(promise: Promise<unknown>): { pipe?: (to: unknown, ...args: unknown[]) => unknown } {
  const pipe: unknown = Reflect.get(promise, 'pipe')
  if (typeof pipe !== 'function') return {}
  return {
    pipe(to, ...args) {
      if (typeof to === 'object' && to !== null) fed.add(to)
      return Reflect.apply(pipe, promise, [to, ...args])
    },
  }
}

/** A promise that settles as another one does, right after `end` is called. */
async function waitUntil<T>(promise: Promise<T>, end: () => void): Promise<T> {
  try {
    return await promise
  } finally {
    end()
  }
}

/** Milliseconds in which a block that writes to commands has begun to. */
const LATE = 1000

type Core = typeof import('zx/core')
type Command = InstanceType<Core['ProcessPromise']>

/**
 * Has every command of zx noted from its start, however it is started: by `$`, by a pipe, or after a halt. Whether it has ended is read
 * from itself, since to wait for it would be to handle its failure. If a command is awaited and nothing is written or piped to it, it
 * reads the end of its input at once. In bash it has /dev/null.
 */
export function followCommands({ ProcessPromise }: Core): void {
  const { run, then, timeout } = ProcessPromise.prototype
  const awaited = new WeakSet<Command>()
  const begun = new WeakSet<Command>()
  const slow = new WeakSet<Command>()
  const killed = new WeakSet<Command>()
  let isZx = false
  const feedNothing = (command: Command) => {
    // A promise that was made of a command's is none itself.
    if (!begun.has(command)) return
    const end = () => {
      const { child } = command
      const written = child?.stdin && 'bytesWritten' in child.stdin && child.stdin.bytesWritten
      if (fed.has(command) || command.stage !== 'running' || Number(written) > 0) return
      // What zx passes on to the command.
      const input: unknown = Reflect.get(command, '_stdin')
      if (input instanceof Writable && input.listenerCount('unpipe') === 0) input.end()
    }
    if (slow.has(command)) setTimeout(end, LATE).unref()
    else setImmediate(end)
  }
  const replace = (name: keyof Command, value: (this: Command, ...args: never) => unknown) =>
    Object.defineProperty(ProcessPromise.prototype, name, { value, writable: true, configurable: true })
  replace('run', function () {
    if (this.stage !== 'initial' && this.stage !== 'halted') return run.call(this)
    const block = findRunning('a command')
    forgetEnded(block)
    const started = noteStarted(block, {
      trace: new Error('command'),
      isPending: () => this.output === null,
      isEnding: () => killed.has(this),
      findLoss: () => (this.stage === 'rejected' && !awaited.has(this) && !killed.has(this) ? this.output : undefined),
    })
    notePromise(this, started)
    // The failure of a synchronous command is thrown to its caller, so it is not lost.
    if (this.sync) this.catch(() => {})
    begun.add(this)
    if (block.feeds) slow.add(this)
    const running = runStarted(block, started, () => run.call(this))
    if (awaited.has(this)) feedNothing(this)
    return running
  })
  const replaceOther = (name: string | symbol, note: (command: Command) => void) => {
    const method: unknown = Reflect.get(ProcessPromise.prototype, name)
    const value = function (this: Command, ...args: unknown[]): unknown {
      note(this)
      return typeof method === 'function' ? Reflect.apply(method, this, args) : undefined
    }
    Object.defineProperty(ProcessPromise.prototype, name, { value, writable: true, configurable: true })
  }
  for (const name of ['write', 'end']) replaceOther(name, command => fed.add(command))
  for (const name of ['kill', 'abort']) replaceOther(name, command => killed.add(command))
  replaceOther(Symbol.asyncIterator, feedNothing)
  const stdin = Object.getOwnPropertyDescriptor(ProcessPromise.prototype, 'stdin')
  Object.defineProperty(ProcessPromise.prototype, 'stdin', {
    ...stdin,
    get(this: Command) {
      fed.add(this)
      return stdin?.get?.call(this)
    },
  })
  replace('then', function (...handlers: Parameters<Command['then']>) {
    if (!isZx) {
      awaited.add(this)
      // Nobody can write to it in a terminal, and without this it would wait for ever.
      feedNothing(this)
    }
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
