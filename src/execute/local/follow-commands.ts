import { findRunning, forgetEnded, notePromise, noteStarted, runStarted } from './running-block.ts'

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
