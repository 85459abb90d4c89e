import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatJson } from '../../../base/index.ts'
import { type Lab, LabError, type LabStatus } from '../../../lab-port/index.ts'
import { BUNDLES } from '../../paths.ts'
import { complain, printToCopy } from '../../print.ts'
import { findLab, nameLog } from './lab-command.ts'
import { describeLab } from './status.ts'

/** How a lab is brought up in the background. */
export interface DetachOptions {
  readonly directory: string | undefined
  readonly json: boolean
  /** The arguments of `handbook lab up`, as they were given. */
  readonly rawArgs: readonly string[]
}

/** Milliseconds between two looks at what the lab says. */
const LOOK_EVERY = 250

/**
 * Starts `handbook lab up` as a process of its own, and returns when the lab is ready. What it says is kept in a file beside the lab's
 * folder. Throws a `LabError` when a lab runs there already, or when it does not come up.
 */
export async function detachLab({ directory, json, rawArgs }: DetachOptions): Promise<number> {
  const { lab, directory: folder } = await findLab({ directory })
  if (await lab.status(folder)) throw new LabError('already-running', `a lab runs in ${folder} already`)
  const log = nameLog(folder)
  const child = start(rawArgs, log)
  const interrupt = () => child.kill('SIGINT')
  for (const name of SIGNALS) process.on(name, interrupt)
  try {
    const status = await awaitReady(lab, folder, child, log)
    if (json) process.stdout.write(`${formatJson({ ...status, pid: child.pid, log })}\n`)
    else
      printToCopy(
        `${describeLab(lab, status, { log }).trimEnd()}\n\nIt runs on as process ${child.pid}. End it: handbook lab down\n`,
      )
    return 0
  } finally {
    for (const name of SIGNALS) process.off(name, interrupt)
    child.unref()
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function start(rawArgs: readonly string[], log: string): ChildProcess {
  const args = rawArgs.filter(word => word !== '--detach' && word !== '--json')
  mkdirSync(dirname(log), { recursive: true })
  const file = openSync(log, 'w', 0o600)
  try {
    return spawn(process.execPath, [join(BUNDLES, 'handbook.cjs'), 'lab', 'up', ...args], {
      stdio: ['ignore', file, file],
      // Of a session of its own: neither Ctrl-C nor a closed terminal ends it.
      detached: true,
    })
  } finally {
    closeSync(file)
  }
}

/** Shows what the lab says until it is ready. */
async function awaitReady(lab: Lab, folder: string, child: ChildProcess, log: string): Promise<LabStatus> {
  let shown = 0
  const show = () => {
    const text = readFileSync(log, 'utf8')
    const whole = text.slice(shown, text.lastIndexOf('\n') + 1)
    shown += whole.length
    return whole
  }
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  for (;;) {
    await sleep(LOOK_EVERY)
    const over = isOver()
    const said = show()
    if (over) {
      complain(said)
      throw new LabError('part-failed', `the lab did not come up; what it said is in ${log}`)
    }
    const status = await lab.status(folder).catch(() => undefined)
    complain(status ? keepProgress(said) : said)
    if (status) return status
  }
}

/** Without the description of the lab, which is printed by us. */
function keepProgress(said: string): string {
  return said.split(/^\s*$/m)[0] ?? ''
}
