import type { BlockListener, BlockRequest, BlockResult, WorkerReport, WorkerRequest } from '../protocol.ts'
import { describeEnd, type Supervise, type Supervisor } from './program.ts'

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
  let turn = 0
  let current: { readonly listener: BlockListener; settle(result: BlockResult): void } | undefined
  const supervisor = supervise({
    // A block may import(): what node still calls experimental is how that is allowed to a script.
    command: [process.execPath, '--disable-warning=ExperimentalWarning', bundle],
    cwd: '/',
    variables,
    onOutput: (stream, text) => current?.listener.onOutput(stream, text),
    onReport(line) {
      const { turn: said, report }: WorkerReport = JSON.parse(line)
      if (report.type === 'finished') over ||= report.leaving === true
      // What an earlier block says late is nobody's.
      if (said !== turn) return
      if (report.type === 'output') current?.listener.onOutput(report.stream, report.text)
      else if (report.type === 'finished') current?.settle(report.result)
      else current?.listener.onReport(report)
    },
  })
  void supervisor.ended.then(end => {
    over = true
    current?.settle({ status: 'failed', error: { message: `the step's process ${describeEnd(end)}` } })
  })
  return {
    supervisor,
    isOver: () => over,
    async run(block, listener) {
      turn += 1
      const request: WorkerRequest = { turn, block }
      const result = await new Promise<BlockResult>(settle => {
        current = { listener, settle }
        supervisor.requests?.write(`${JSON.stringify(request)}\n`)
      })
      current = undefined
      return result
    },
  }
}
