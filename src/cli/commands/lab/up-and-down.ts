import { setTimeout as sleep } from 'node:timers/promises'
import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { type Lab, type LabEnding, LabError } from '../../../lab-port/index.ts'
import { findRulesFolder, UsageError } from '../../../operate/index.ts'
import { shortenText } from '../../../report/index.ts'
import { complain, paint, print, printToCopy } from '../../print.ts'
import { detachLab } from './detach-lab.ts'
import { findLab, labArgs } from './lab-command.ts'
import { profileOption, readProfile } from './profile.ts'
import { describeLab } from './status.ts'

/** Milliseconds between two looks at a lab that does not report when it is down. */
const LOOK_EVERY = 1000
/** Characters of what customers tell: a client's own words may be long. */
const WIDEST = 120
/** Exit code of a start that was interrupted. */
const CANCELLED = 130

/** `handbook lab up`: stays until Ctrl-C, or until `handbook lab down` elsewhere. */
export const up = defineCommand({
  meta: {
    name: 'up',
    description: `Start a lab and keep it running until Ctrl-C. With --detach it runs on in the background. A few
customers use it, so that what is broken is felt, and alerts fire.

  handbook lab up
  handbook lab up --detach
  handbook lab up --profile practice
  handbook lab up --profile legacy
  handbook lab up --time-scale 120

Exit code: 0 the lab ran, or with --detach is ready; 1 it could not start; 130 stopped before it was ready.`,
  },
  args: {
    ...labArgs,
    'time-scale': {
      type: 'string',
      valueHint: 'N',
      default: '60',
      description: 'How many times faster than in production the alert rules run',
    },
    profile: profileOption,
    detach: {
      type: 'boolean',
      description: 'Return when the lab is ready; it runs on until handbook lab down',
    },
    'without-customers': { type: 'boolean', description: 'Nobody uses the deployment but you' },
    'without-prometheus': { type: 'boolean', description: 'No Prometheus and Alertmanager: a faster start, no alerts' },
  },
  run({ args, rawArgs }) {
    const timeScale = readScale(args['time-scale'])
    const { profile } = args
    if (args.detach) return detachLab({ directory: args.directory, json: args.json === true, rawArgs })
    const json = args.json === true
    const without = { monitored: !args['without-prometheus'], used: !args['without-customers'] }
    return keepLab({ directory: args.directory, timeScale, json, ...without, profile })
  },
})

interface UpOptions {
  readonly directory: string | undefined
  readonly timeScale: number
  readonly json: boolean
  readonly monitored: boolean
  readonly used: boolean
  readonly profile: string | undefined
}

async function keepLab({ directory, timeScale, json, monitored, used, profile }: UpOptions): Promise<number> {
  const { handbook, lab, directory: folder } = await findLab({ directory })
  const rules = await findRulesFolder(handbook)
  const start = performance.now()
  const signals = listenForSignals()
  say(`Starting a lab in ${folder}`)
  const options = {
    directory: folder,
    rules,
    timeScale,
    log: say,
    signal: signals.first,
    ...(await readProfile(profile, handbook)),
  }
  let customers: { stop(): Promise<void> } | undefined
  try {
    const { ended } = await lab.up(monitored ? options : { ...options, prometheus: false })
    const status = await lab.status(folder)
    if (!status) throw new LabError('part-failed', 'the lab came up, but does not run any more')
    say(`Ready in ${((performance.now() - start) / 1000).toFixed(1)} s.`)
    if (json) process.stdout.write(`${formatJson(status)}\n`)
    else printToCopy(describeLab(lab, status))
    if (used) customers = lab.workload?.practise?.(status, line => say(shortenText(line, WIDEST)))
    onAbort(signals.first, () => {
      say('Stopping; once more to stop without waiting.')
      void customers?.stop()
      failing(lab.down(folder))
    })
    onAbort(signals.second, () => failing(lab.down(folder, { now: true })))
    await (ended ?? seeEnd(lab, folder))
    say('The lab is down.')
    return 0
  } catch (error) {
    if (!signals.first.aborted) throw error
    say('Stopped before the lab was ready.')
    return CANCELLED
  } finally {
    void customers?.stop()
    signals.forget()
  }
}

/** Waits until a lab is down that does not report this itself. */
async function seeEnd(lab: Lab, folder: string): Promise<void> {
  while (await lab.status(folder)) await sleep(LOOK_EVERY)
}

function failing(ending: Promise<unknown>): void {
  ending.catch(error => say(error instanceof Error ? error.message : String(error)))
}

function say(line: string): void {
  complain(`${line.replace(/^✔/, paint.green('✔')).replace(/^–/, paint.yellow('–'))}\n`)
}

function readScale(text: string): number {
  const scale = Number(text)
  if (scale >= 1 && Number.isFinite(scale)) return scale
  throw new UsageError(`--time-scale is a number from 1 on, not ${text}`)
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}

/** A terminal and npm both pass on the same Ctrl-C: signals within this many milliseconds count as one. */
const SAME_SIGNAL = 500

/** The first and the second time that this process is asked to end: by Ctrl-C, by a kill or by a closed terminal. */
function listenForSignals(): { first: AbortSignal; second: AbortSignal; forget(): void } {
  const first = new AbortController()
  const second = new AbortController()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let asked = 0
  const listen = () => {
    if (!first.signal.aborted) {
      asked = performance.now()
      first.abort()
    } else if (performance.now() - asked > SAME_SIGNAL) second.abort()
  }
  for (const name of names) process.on(name, listen)
  return {
    first: first.signal,
    second: second.signal,
    forget: () => {
      for (const name of names) process.off(name, listen)
    },
  }
}

/** `handbook lab down`: ends every process and unmounts every volume. */
export const down = defineCommand({
  meta: {
    name: 'down',
    description: 'Stop a lab, or remove what a killed one left.\n\n  handbook lab down',
  },
  args: labArgs,
  async run({ args }) {
    const { lab, directory } = await findLab(args)
    const ending = await lab.down(directory)
    if (args.json) process.stdout.write(`${formatJson({ directory, ending })}\n`)
    else print(`${describe(ending)}\n`)
    return 0
  },
})

function describe(ending: LabEnding): string {
  switch (ending) {
    case 'ended':
      return 'The lab is down.'
    case 'cleared':
      return 'A killed lab had left processes or mounts behind; they are gone now.'
    case 'nothing':
      return 'No lab was running.'
    default:
      return ending satisfies never
  }
}
