import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { makeVisible } from '../../base/index.ts'
import { type DrillListener, type DrillStage, drillPages } from '../../drill/index.ts'
import { demandHandbook, UsageError } from '../../operate/index.ts'
import { createDrillReporter, drillFormats } from '../../report/index.ts'
import { chooseFormat, formatOption } from '../choose-format.ts'
import { heedSignals } from '../heed-signals.ts'
import { createPorts } from '../ports.ts'
import { complain, print } from '../print.ts'
import { explainOldLab } from './lab/lab-command.ts'
import { profileOption, readProfile } from './lab/profile.ts'

/** `handbook drill`: breaks a real deployment, runs the page, and writes down what it proved. */
export const drill = defineCommand({
  meta: {
    name: 'drill',
    description: `Prove runbooks: start a lab, run the page on it while it is healthy, break it with the real fault, wait for the alert,
run the page again, wait for the alert to clear, and count that nothing that was acknowledged was lost. Writes static/proofs/.

  handbook drill disk-filling
  handbook drill queue-stuck--worker-gone
  handbook drill --all --changed
  handbook drill --all --shard 1/3
  handbook drill disk-filling --times 5
  handbook drill --all --json
  handbook drill --all --format junit > drills.xml

Exit code: 0 every drill is proven, or --changed finds none to perform; 1 one is not; 2 there is no such drill or
fault, and nothing was started.`,
  },
  args: {
    id: { type: 'positional', required: false, description: 'A runbook, by id, path or alert; or one of its drills' },
    all: { type: 'boolean', description: 'Every drill of the handbook' },
    changed: { type: 'boolean', description: 'Only those that are not proven as things are now' },
    shard: { type: 'string', description: 'One of several equal parts of them: 1/3, 2/3, 3/3', valueHint: 'PART/OF' },
    times: {
      type: 'string',
      description: 'How often each is performed; it is proven when each time was',
      valueHint: 'N',
    },
    proofs: { type: 'string', description: 'Write the proofs to this folder instead', valueHint: 'DIR' },
    'time-scale': {
      type: 'string',
      description: 'The number by which the durations of rules are divided',
      default: '60',
      valueHint: 'N',
    },
    profile: profileOption,
    'without-prometheus': {
      type: 'boolean',
      description: 'Without alerts: Diagnose is the signal, and nothing is proven',
    },
    json: { type: 'boolean', description: 'The proofs, for scripts' },
    format: formatOption(drillFormats, '; progress goes to stderr then'),
  },
  async run({ args }) {
    const format = chooseFormat(args, drillFormats, 'text')
    const handbook = await demandHandbook(process.cwd())
    const timeScale = Number(args['time-scale'])
    if (!(timeScale >= 1)) throw new UsageError(`--time-scale ${args['time-scale']} is not a number of at least 1`)
    const profile = await readProfile(args.profile, handbook)
    const { signal, begin } = heedSignals()
    begin()
    const reporter = createDrillReporter(format === 'text' ? print : complain, Date.now)
    const options = {
      handbook,
      name: args.id,
      all: Boolean(args.all),
      proofs: args.proofs ? resolve(args.proofs) : join(handbook.root, handbook.file.proofs),
      timeScale,
      ...(args['without-prometheus'] ? { prometheus: false } : {}),
      ...profile,
      changed: Boolean(args.changed),
      ...(args.shard === undefined ? {} : { shard: readShard(args.shard) }),
      ...(args.times === undefined ? {} : { times: readTimes(args.times) }),
    }
    const listener: DrillListener = {
      ...reporter,
      progress(progress) {
        if (progress.type === 'stage' && (progress.stage !== 'lab' || !progress.detail))
          reporter.stage(TITLES[progress.stage](progress.detail && makeVisible(progress.detail)))
      },
    }
    return explainOldLab(async () => {
      const drilled = await drillPages(options, createPorts(signal), listener)
      process.stdout.write(drillFormats[format](drilled))
      if (signal.aborted) return 130
      if (drilled.proofs.length === 0)
        complain('Every one of these drills is proven as things are now: none was performed')
      return drilled.proofs.every(({ proven }) => proven) ? 0 : 1
    }).catch(error => {
      if (signal.aborted) return 130
      throw error
    })
  },
})

function readShard(given: string): { part: number; of: number } {
  const [, part = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(given) ?? []).map(Number)
  if (part < 1 || part > of) throw new UsageError(`--shard ${given} is no part of a whole`, 'Such as 1/3, 2/3 and 3/3')
  return { part, of }
}

function readTimes(given: string): number {
  const times = Number(given)
  if (!Number.isInteger(times) || times < 1)
    throw new UsageError(`--times ${given} is not a whole number of at least 1`)
  return times
}

const TITLES: Readonly<Record<DrillStage, (detail: string | undefined) => string>> = {
  lab: () => 'a lab comes up',
  control: () => 'healthy: the page rules everything out',
  break: fault => `broken: ${fault}`,
  fire: alert => `${alert} fires`,
  notify: alert => `somebody is notified of ${alert}`,
  heal: () => 'the page runs as published',
  clear: alert => `${alert} clears`,
  count: () => 'everything acknowledged is counted',
  walk: steps => `rolled back, it is as before: ${steps}`,
}
