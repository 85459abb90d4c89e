import pc from 'picocolors'
import { foldRun, type RunEvent } from '../journal/index.ts'
import type { PerformedRun, Ports, RunListener } from '../operate/index.ts'
import { createRunReporter, formatRecap, formatSection } from '../report/index.ts'
import { handbookExitCodes } from './exit-codes.ts'
import { heedSignals } from './heed-signals.ts'
import { createPorts } from './ports.ts'
import { complain, print } from './print.ts'
import { showQuietStep } from './show-quiet-step.ts'

/** Tells a run in the terminal, or as JSON lines; signals cancel it. Gives the exit code. */
export async function tellRun(
  json: boolean,
  work: (ports: Ports, listener: RunListener) => Promise<PerformedRun | undefined>,
): Promise<number> {
  const signals = heedSignals()
  const report = createRunReporter(print, process.stdout.columns)
  const quiet = showQuietStep(text => void process.stdout.write(text), process.stdout.isTTY)
  const tell = (event: RunEvent) => {
    quiet.hear(event)
    report(event)
  }
  const listener: RunListener = {
    begin(before) {
      signals.begin()
      const [started] = before
      if (json || started === undefined) return
      tell(started)
      print(formatRecap(foldRun(before)))
    },
    event: json ? event => void process.stdout.write(`${JSON.stringify(event)}\n`) : tell,
  }
  try {
    const performed = await work(createPorts(signals.signal, signals.hurry), listener)
    if (!performed) return 130
    const { ending, request, recordNote, unrecorded, cutOff } = performed
    const helpless = ending.outcome === 'inconclusive' || ending.outcome === 'failed'
    const escalate = request.procedure.sections.find(({ title }) => title === 'Escalate')
    if (!json && escalate && helpless && ending.refused === undefined && request.only === undefined)
      print(formatSection(escalate.title, escalate.text, process.stdout.columns))
    if (request.mode === 'reading' && ending.refused !== undefined && process.stdin.isTTY && !process.stdout.isTTY)
      complain(KEEP_A_LOG)
    if (recordNote !== undefined) complain(`${unrecorded === undefined ? pc.yellow('!') : pc.red('✗')} ${recordNote}\n`)
    if (ending.refused !== undefined) return 3
    return EXIT_CODES[ending.outcome] || (cutOff ? handbookExitCodes.unrecorded.code : 0)
  } finally {
    quiet.end()
    signals.end()
  }
}

/** To whoever wrote `| tee log`. */
const KEEP_A_LOG = `Its output goes into a pipe or a file, so nobody can be asked in this terminal.
To keep a log, run it without that: each run is recorded, and can be written to a file afterwards.
  handbook runs list
  handbook runs show RUN > log
`

const EXIT_CODES = {
  healed: 0,
  passed: 0,
  'ruled-out': 0,
  failed: 1,
  inconclusive: 1,
  cancelled: 130,
  interrupted: 130,
} as const
