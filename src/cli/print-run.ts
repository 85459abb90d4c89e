import { formatJson } from '../base/index.ts'
import { foldRun, type RunEvent, type RunHistory } from '../journal/index.ts'
import { openHandbook, type PerformedRun, type Ports, type RunListener } from '../operate/index.ts'
import { createRunReporter, formatRecap, formatSection } from '../report/index.ts'
import { handbookExitCodes } from './exit-codes.ts'
import { heedSignals } from './heed-signals.ts'
import { createPorts } from './ports.ts'
import { complain, paint, print, printForeign } from './print.ts'
import { sayWhomToCall } from './say-calls.ts'
import { showQuietStep } from './show-quiet-step.ts'

/** Reports a run in the terminal, or as JSON lines; signals cancel it. Returns the exit code. */
export async function printRun(
  json: boolean,
  work: (ports: Ports, listener: RunListener) => Promise<PerformedRun | undefined>,
): Promise<number> {
  const signals = heedSignals()
  const screen = json ? JSON_LINES : createRunScreen()
  const listener: RunListener = {
    begin(before) {
      signals.begin()
      screen.begin(before)
    },
    event: screen.event,
  }
  let recorded = true
  try {
    const performed = await work(createPorts(signals.signal, signals.hurry), listener)
    if (!performed) return 130
    const { ending, request, recordNote, unrecorded, cutOff, removed } = performed
    recorded = unrecorded === undefined || (cutOff === true && removed !== true)
    screen.end(recorded)
    const helpless = ending.outcome === 'inconclusive' || ending.outcome === 'failed'
    const escalate = request.procedure.sections.find(({ title }) => title === 'Escalate')
    if (!json && escalate && helpless && ending.refused === undefined && request.only === undefined) {
      print(formatSection(escalate.title, escalate.text, process.stdout.columns))
      complain(await sayWhomToCall(request.procedure, await openHandbook(process.cwd())))
    }
    if (request.mode === 'reading' && ending.refused !== undefined && process.stdin.isTTY && !process.stdout.isTTY)
      complain(KEEP_A_LOG)
    if (recordNote !== undefined)
      complain(`${unrecorded === undefined ? paint.yellow('!') : paint.red('✗')} ${recordNote}\n`)
    if (ending.refused !== undefined) return handbookExitCodes.refused.code
    return EXIT_CODES[ending.outcome] || (cutOff ? handbookExitCodes.unrecorded.code : 0)
  } finally {
    screen.end(recorded)
    signals.end()
  }
}

/** Where a run is reported while it goes on. */
interface RunScreen {
  /** The run begins; when it is resumed, these events are behind it. */
  readonly begin: (before: readonly RunEvent[]) => void
  readonly event: (event: RunEvent) => void
  /** The run has ended, and it is known whether it was recorded. */
  readonly end: (recorded: boolean) => void
}

const JSON_LINES: RunScreen = {
  begin() {},
  event: event => void process.stdout.write(`${formatJson(event)}\n`),
  end() {},
}

/** A run as text. Its last event is held back until `end`: what can be done next depends on whether the run was recorded. */
function createRunScreen(): RunScreen {
  let known = true
  let last: RunEvent | undefined
  const quiet = showQuietStep(text => void process.stdout.write(text), process.stdout.isTTY)
  const printEvent = createRunReporter(print, process.stdout.columns, {
    recorded: () => known,
    writeOutput: printForeign,
  })
  const report = (event: RunEvent) => {
    quiet.hear(event)
    printEvent(event)
  }
  return {
    begin(before) {
      const [started] = before
      if (started === undefined) return
      report(started)
      print(formatRecap(foldRun(before)))
    },
    event(event) {
      if (event.type === 'run.finished') last = event
      else report(event)
    },
    end(recorded) {
      quiet.end()
      known = recorded
      if (last) report(last)
      last = undefined
    },
  }
}

/** The command that resumes an interrupted or cancelled run. A roll back of another run is not resumed, but done again. */
export function sayHowToResume({ run, rollsBack }: Pick<RunHistory['started'], 'run' | 'rollsBack'>): string {
  return rollsBack === undefined
    ? `Resume it: handbook runs resume ${run}\n`
    : `Roll back again: handbook runs roll-back ${rollsBack}\n`
}

/** For somebody who wrote `| tee log`. */
const KEEP_A_LOG = `Its output goes into a pipe or a file, so nobody can be asked in this terminal.
To keep a log, run it without that: each run is recorded, and can be written to a file afterwards.
  handbook runs list
  handbook runs show RUN > log
`

/** The exit code of each outcome. */
export const EXIT_CODES = {
  healed: 0,
  passed: 0,
  'ruled-out': 0,
  failed: 1,
  inconclusive: 1,
  cancelled: 130,
  interrupted: 130,
} as const

/** The options of every command that resumes or rolls back a run. */
export const runModeArgs = {
  param: { type: 'string', description: 'A secret parameter, given again', valueHint: 'k=v' },
  auto: { type: 'boolean', description: 'Run without questions, as far as the environment allows' },
  as: {
    type: 'string',
    description: 'Who you are, on an account that several people use; recorded as a claim',
    valueHint: 'NAME',
  },
  'break-glass': {
    type: 'string',
    description: 'Do not wait for an approval; this is recorded, and always shown',
    valueHint: 'REASON',
  },
  'accept-target': {
    type: 'boolean',
    description: 'Run although the target has changed since the run began',
  },
  json: { type: 'boolean', description: 'One event a line on stdout' },
} as const
