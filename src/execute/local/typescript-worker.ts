import type { BlockListener, BlockReport, BlockRequest, BlockResult } from '../protocol.ts'
import { describeEnd, type Supervise, type Supervisor } from './program.ts'

/** The process that runs one ts block, seen from the runner. It has zx loaded before the block comes. */
export interface TypeScriptWorker {
  readonly supervisor: Supervisor
  /** Whether it runs no more block. */
  isOver(): boolean
  /** Runs a block: the only one, unless it was started for many. */
  run(request: BlockRequest, listener: BlockListener): Promise<BlockResult>
}

/** The word that has a worker's process run one block after the other. */
export const MANY = 'many'

/** Starts a worker from its bundle; one for many blocks, or for one. */
export function startTypeScript(
  supervise: Supervise,
  bundle: string,
  variables: Readonly<Record<string, string>>,
  isForMany = false,
): TypeScriptWorker {
  let over = false
  let current: { readonly listener: BlockListener; settle(result: BlockResult): void } | undefined
  const settle = (result: BlockResult) => {
    current?.settle(result)
    // What it says after its end is nobody's.
    current = undefined
  }
  const supervisor = supervise({
    // A block may import(): what node still calls experimental is how that is allowed to a script.
    command: [process.execPath, '--disable-warning=ExperimentalWarning', bundle, ...(isForMany ? [MANY] : [])],
    cwd: '/',
    variables,
    onOutput: (stream, text) => current?.listener.onOutput(stream, text),
    onReport(line) {
      const report = readReport(line)
      if (report === undefined) {
        over = true
        settle(UNREADABLE)
      } else if (report.type === 'output') current?.listener.onOutput(report.stream, report.text)
      else if (report.type === 'finished') {
        over ||= report.again !== true
        settle(report.result)
      } else current?.listener.onReport(report)
    },
  })
  void supervisor.ended.then(end => {
    over = true
    settle({ status: 'failed', error: { message: `the step's process ${describeEnd(end)}` } })
  })
  return {
    supervisor,
    isOver: () => over,
    run: (block, listener) =>
      new Promise<BlockResult>(settle => {
        current = { listener, settle }
        supervisor.requests?.write(`${JSON.stringify(block)}\n`)
      }),
  }
}

/** A block that writes where its process reports, or has that changed, has not ended as it says. */
const UNREADABLE: BlockResult = {
  status: 'failed',
  error: {
    message: "the step's process said what cannot be read, so it is not known how the block ended",
    hint: 'The block may have replaced something that its process needs, or written to a file descriptor that it did not open',
  },
}

function readReport(line: string): BlockReport | undefined {
  try {
    const report: BlockReport | null = JSON.parse(line)
    return isReport(report) ? report : undefined
  } catch {
    return undefined
  }
}

function isReport(report: BlockReport | null): report is BlockReport {
  switch (report?.type) {
    case 'output':
      return typeof report.text === 'string' && ['stdout', 'stderr'].includes(report.stream)
    case 'finished':
      return typeof report.result === 'object' && report.result !== null && 'status' in report.result
    case 'suggested':
      return typeof report.step === 'string' && typeof report.why === 'string'
    case 'evidence':
      return typeof report.name === 'string'
    case 'silenced':
      return typeof report.silence?.id === 'string' && Array.isArray(report.silence.alerts)
    default:
      return false
  }
}
