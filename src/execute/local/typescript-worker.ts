import type { BlockListener, BlockRequest, BlockResult, WorkerReport } from '../protocol.ts'
import { describeEnd } from './describe-end.ts'
import type { Supervise, Supervisor } from './program.ts'

/** The process that runs ts blocks, seen from the runner. It keeps zx and the compiler loaded from one block to the next. */
export interface TypeScriptWorker {
  readonly supervisor: Supervisor
  /** Whether it has ended, or is about to. */
  isOver(): boolean
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
}

/** Starts a worker from its bundle. */
export function startTypeScript(
  supervise: Supervise,
  bundle: string,
  variables: Readonly<Record<string, string>>,
): TypeScriptWorker {
  let over = false
  let current: { readonly listener: BlockListener; settle(result: BlockResult): void } | undefined
  const supervisor = supervise({
    // A block may import(): what node still calls experimental is how that is allowed to a script.
    command: [process.execPath, '--disable-warning=ExperimentalWarning', bundle],
    cwd: '/',
    variables,
    onOutput: (stream, text) => current?.listener.onOutput(stream, text),
    onReport(line) {
      const report: WorkerReport = JSON.parse(line)
      if (report.type === 'output') return current?.listener.onOutput(report.stream, report.text)
      if (report.type !== 'finished') return current?.listener.onReport(report)
      over ||= report.leaving === true
      current?.settle(report.result)
    },
  })
  void supervisor.ended.then(end => {
    over = true
    current?.settle({ status: 'failed', error: { message: `the step's process ${describeEnd(end)}` } })
  })
  return {
    supervisor,
    isOver: () => over,
    async run(request, listener) {
      const result = await new Promise<BlockResult>(settle => {
        current = { listener, settle }
        supervisor.requests?.write(`${JSON.stringify(request)}\n`)
      })
      current = undefined
      return result
    },
  }
}
