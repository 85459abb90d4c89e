import { type ChildProcess, spawn } from 'node:child_process'
import { arch, platform } from 'node:os'
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { overlap } from './overlap.ts'
import { killDescendants, listDescendants, type ProcessId, signal } from './process-tree.ts'
import type { BlockRequest, BlockResult, Report, Request } from './protocol.ts'

/** A process that runs blocks, one after the other. */
export interface BlockWorker {
  /** Has it load, ahead of time, what ts blocks need. */
  warm(): void
  /** Runs a block. Never rejects: a worker that dies is a failed block. */
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
  /** Ends a running block and everything it started, but not what earlier blocks left running on purpose. */
  kill(): Promise<void>
  /** Lets the worker go; what blocks left running on purpose goes on. */
  close(): Promise<void>
}

/** What a running block is heard saying. */
export interface BlockListener {
  onOutput(stream: 'stdout' | 'stderr', text: string): void
  onReport(report: Exclude<Report, { type: 'finished' | 'ready' }>): void
}

/** prctl(PR_SET_CHILD_SUBREAPER, 1), by the number of the system call; node has no way of its own. */
const PRCTL: Readonly<Record<string, number>> = {
  x64: 157,
  arm64: 167,
  arm: 172,
  ia32: 172,
  riscv64: 167,
  ppc64: 171,
  s390x: 172,
}

/** Starts a worker from its bundle. Its own environment is `variables`; each block brings its own. */
export function startWorker(bundle: string, variables: Readonly<Record<string, string>>): BlockWorker {
  let child = launch(bundle, variables)
  let spare: readonly ProcessId[] = []
  let used = false
  let wanted: { settle(result: BlockResult): void; listener: BlockListener } | undefined

  const attach = (process: ChildProcess) => {
    process.on('message', (report: Report) => {
      if (report.type === 'finished') wanted?.settle(report.result)
      else if (report.type !== 'ready') wanted?.listener.onReport(report)
    })
    process.on('exit', (code, name) => {
      const how = name ? `by ${name}` : `with exit code ${code}`
      if (process === child) wanted?.settle({ status: 'failed', error: { message: `the step's process ended ${how}` } })
    })
    process.on('error', error => wanted?.settle({ status: 'failed', error: { message: error.message } }))
  }
  attach(child)
  const send = (request: Request) => void (child.connected && child.send(request))
  const descendants = () => (child.pid === undefined ? [] : listDescendants(child.pid))

  return {
    warm: () => send({ type: 'warm' }),
    async run(request, listener) {
      if (child.exitCode !== null || child.signalCode !== null) {
        child = launch(bundle, variables)
        attach(child)
      }
      if (used) spare = descendants()
      used = true
      const stdio: readonly unknown[] = child.stdio
      const running = child
      let drain = () => {}
      const gone = new Promise<void>(resolve => {
        drain = () => setTimeout(resolve, DRAIN)
        running.once('exit', drain)
      })
      const streams = [
        readUntil(stdio[1], request.endMark, text => listener.onOutput('stdout', text)),
        readUntil(stdio[2], request.endMark, text => listener.onOutput('stderr', text)),
        readUntil(stdio[4], request.endMark, text => listener.onOutput('stdout', text)),
        readUntil(stdio[5], request.endMark, text => listener.onOutput('stderr', text)),
      ]
      const written = request.language === 'ts' ? streams.slice(0, 2) : streams.slice(2)
      const result = await new Promise<BlockResult>(settle => {
        wanted = { settle, listener }
        send({ type: 'run', ...request })
      })
      wanted = undefined
      await Promise.race([Promise.all(written.map(stream => stream.ended)), gone])
      running.off('exit', drain)
      for (const stream of streams) stream.release()
      if (result.status === 'failed' && child.pid !== undefined) killDescendants(child.pid, spare)
      return result
    },
    async kill() {
      const { pid } = child
      if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
      const spared = new Set(spare.map(({ pid }) => pid))
      for (const { pid } of descendants()) if (!spared.has(pid)) signal(pid, 'SIGTERM')
      await Promise.race([gone, new Promise(resolve => setTimeout(resolve, GRACE))])
      killDescendants(pid, spare)
      signal(pid, 'SIGKILL')
      await gone
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
      child.disconnect()
      signal(child.pid ?? 0, 'SIGKILL')
      await gone
    },
  }
}

/** Milliseconds in which a dead worker's last output still arrives, should a daemon hold its streams open. */
const DRAIN = 100

/** Milliseconds between asking a block's processes to end and ending them. */
const GRACE = 500

function launch(bundle: string, variables: Readonly<Record<string, string>>): ChildProcess {
  const number = platform() === 'linux' ? PRCTL[arch()] : undefined
  const [command, ...args] =
    number === undefined
      ? [process.execPath, bundle]
      : ['perl', '-e', `syscall(${number}, 36, 1, 0, 0, 0); exec @ARGV or die "$!"`, process.execPath, bundle]
  return spawn(command, args, {
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 'pipe'],
    // In a session of its own: Ctrl-C reaches the runner, which decides.
    detached: true,
  })
}

/** Reads a stream's text up to the mark, without ever showing any of the mark itself. */
function readUntil(
  stream: unknown,
  mark: string,
  show: (text: string) => void,
): { ended: Promise<void>; release(): void } {
  if (!isReadable(stream)) return { ended: Promise.resolve(), release() {} }
  const decoder = new StringDecoder('utf8')
  let held = ''
  let release = () => {}
  const ended = new Promise<void>(resolve => {
    const onData = (chunk: Buffer) => {
      held += decoder.write(chunk)
      const at = held.indexOf(mark)
      if (at >= 0) {
        if (at > 0) show(held.slice(0, at))
        held = ''
        resolve()
        return
      }
      const keep = overlap(held, mark)
      if (held.length > keep) show(held.slice(0, held.length - keep))
      held = keep === 0 ? '' : held.slice(-keep)
    }
    stream.on('data', onData)
    stream.resume()
    const onEnd = () => resolve()
    stream.on('end', onEnd)
    stream.on('close', onEnd)
    release = () => {
      if (held) show(held)
      stream.off('data', onData)
      stream.off('end', onEnd)
      stream.off('close', onEnd)
      stream.pause()
    }
  })
  return { ended, release }
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'on' in stream && 'pause' in stream
}
