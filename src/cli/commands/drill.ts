import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { type DrillListener, drillPages } from '../../drill/index.ts'
import { demandHandbook } from '../../operate/index.ts'
import { createDrillReporter, drillFormats } from '../../report/index.ts'
import { chooseFormat, formatOption } from '../choose-format.ts'
import { heedSignals } from '../heed-signals.ts'
import { createPorts } from '../ports.ts'
import { complain, print } from '../print.ts'
import { readIntensity, readShard, readTimeScale, readTimes } from './drill/read-options.ts'
import { showStage } from './drill/show-stage.ts'
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
  handbook drill disk-filling --times 5 --seed monday
  handbook drill disk-filling --intensity high
  handbook drill --all --json
  handbook drill --all --format junit > drills.xml

With --matrix each fault is brought about, and every runbook diagnoses it, as far as it only reads: which of them find
something to do, rule it out, or cannot tell. Without a name, all faults. Writes no file.

  handbook drill --matrix --shard 1/3
  handbook drill --matrix queue-stuck
  handbook drill --matrix worker-gone --json

Exit code: 0 every drill is proven, or --changed finds none to perform; 1 one is not, or in the matrix a page rules out
its own fault or another says that it healed it; 2 there is no such drill or fault, and nothing was started.`,
  },
  args: {
    id: { type: 'positional', required: false, description: 'A runbook, by id, path or alert; a drill; or a fault' },
    all: { type: 'boolean', description: 'Every drill of the handbook' },
    matrix: { type: 'boolean', description: 'What every runbook makes of each fault, as far as it only reads' },
    changed: { type: 'boolean', description: 'Only those that are not proven as things are now' },
    shard: { type: 'string', description: 'One of several equal parts of them: 1/3, 2/3, 3/3', valueHint: 'PART/OF' },
    times: {
      type: 'string',
      description: 'How often each is performed; it is proven when each time was',
      valueHint: 'N',
    },
    intensity: {
      type: 'string',
      description: 'How much the lab is used meanwhile: low, as usual, or high, by four times as many',
      valueHint: 'HOW',
    },
    seed: {
      type: 'string',
      description:
        'What the order of the drills and the moment of each fault are drawn from: the same again for the same words',
      valueHint: 'WORDS',
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
    if (args.matrix) {
      const { runMatrix } = await import('./drill/run-matrix.ts')
      return runMatrix(args)
    }
    const format = chooseFormat(args, drillFormats, 'text')
    const handbook = await demandHandbook(process.cwd())
    const timeScale = readTimeScale(args['time-scale'])
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
      ...(args.intensity === undefined ? {} : { intensity: readIntensity(args.intensity) }),
      ...(args.seed === undefined ? {} : { seed: args.seed }),
      ...(args.times === undefined ? {} : { times: readTimes(args.times) }),
    }
    const listener: DrillListener = {
      ...reporter,
      progress: progress => showStage(progress, reporter.stage),
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
