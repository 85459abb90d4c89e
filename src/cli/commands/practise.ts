import { defineCommand } from 'citty'
import { countOf, describeFailure, formatJson } from '../../base/index.ts'
import { claimPractice, giveUpPractice, type PlannedPractice, planPractice, practise } from '../../drill/index.ts'
import type { Handbook } from '../../environments/index.ts'
import { keepPractice, namePractices, readPractices } from '../../journal/index.ts'
import { demandHandbook, findRulesFolder, findStore, UsageError } from '../../operate/index.ts'
import { formatPractices, formatScore } from '../../report/index.ts'
import { heedSignals } from '../heed-signals.ts'
import { findLabFolder } from '../paths.ts'
import { describeActor } from '../ports.ts'
import { complain, paint, print } from '../print.ts'
import { explainOldLab } from './lab/lab-command.ts'
import { demandOwnProfile, profileOption, readProfile } from './lab/profile.ts'
import { tellPractice } from './practise/tell-practice.ts'

/** `handbook practise`: somebody practises being paged. */
export const practiseCommand = defineCommand({
  meta: {
    name: 'practise',
    description: `Practise being paged. The lab is broken while customers use it, and the pager tells you of it. Find the
page in another terminal or in the browser, and run it. Once the lab is healed, you see how you did. Without a running lab, one
comes up for this.

  handbook practise --surprise
  handbook practise FAULT
  handbook practise --surprise --seed 7
  handbook practise --give-up
  handbook practise --history
  handbook practise --surprise --json | jq .secondsToHeal

Ctrl-C gives up: the fault is undone, and you are told what it was.

Exit code: 0 healed; 1 given up, or no alert fired; 2 wrong usage, and nothing was broken; 130 cancelled before that.`,
  },
  args: {
    fault: { type: 'positional', required: false, description: 'What to break; handbook lab break --help lists it' },
    surprise: { type: 'boolean', description: 'Something that you are not told, until the end' },
    seed: { type: 'string', description: 'The same surprise each time', valueHint: 'TEXT' },
    env: { type: 'string', description: 'The environment; it must be a lab', valueHint: 'NAME' },
    profile: profileOption,
    'give-up': { type: 'boolean', description: 'Give up the practice that goes on in another terminal' },
    history: { type: 'boolean', description: 'How you did before, newest first' },
    json: { type: 'boolean', description: 'The score, or the history, for scripts' },
  },
  async run({ args }) {
    const { fault, surprise, seed, history, json } = args
    const handbook = await demandHandbook(process.cwd())
    const isOther = history || args['give-up']
    if (isOther && (fault !== undefined || surprise || seed !== undefined || (history && args['give-up'])))
      throw new UsageError(`${history ? '--history' : '--give-up'} stands alone`, 'See handbook practise --help')
    if (history) return showHistory(handbook.root, json === true)
    if (args['give-up']) return giveUp(handbook.root)
    if (seed !== undefined && !surprise) throw new UsageError('--seed chooses a surprise', 'Add --surprise')
    const wanted = {
      fault,
      surprise: surprise ? (seed === undefined ? {} : { seed }) : undefined,
      environment: args.env,
    }
    const planned = await planPractice(handbook, wanted)
    const profile = await readProfile(args.profile, handbook)
    await demandOwnProfile(profile, handbook)
    return explainOldLab(() =>
      begin(handbook, planned, { ...profile, surprise: surprise === true, json: json === true }),
    )
  },
})

interface Options {
  readonly profile?: string
  readonly surprise: boolean
  readonly json: boolean
}

async function begin(handbook: Handbook, planned: PlannedPractice, options: Options): Promise<number> {
  const { root } = handbook
  const { json, surprise, profile } = options
  const by = describeActor()
  const rules = await findRulesFolder(handbook)
  const release = await claimPractice(root, by)
  const { signal, hurry, begin, end } = heedSignals()
  begin()
  const teller = tellPractice(planned.environment)
  const own = profile === undefined ? {} : { profile }
  const world = {
    lab: planned.lab,
    directory: findLabFolder(root),
    rules,
    store: findStore(root, process.env),
    signal,
    hurry,
    ...own,
  }
  try {
    const score = await practise(planned, { by: by.user, surprise }, world, teller.tell)
    teller.end()
    if (!score) {
      complain('Cancelled before anything was broken.\n')
      return 130
    }
    await keepPractice(root, score).catch(error =>
      complain(`${paint.yellow('!')} The score could not be kept: ${describeFailure(error)}\n`),
    )
    const title = planned.plans.find(({ fault }) => fault === score.fault)?.title
    if (json) process.stdout.write(`${formatJson(score)}\n`)
    else print(formatScore(score, title))
    return score.outcome === 'healed' ? 0 : 1
  } catch (error) {
    teller.end()
    if (signal.aborted) return 130
    throw error
  } finally {
    end()
    await release()
  }
}

async function giveUp(root: string): Promise<number> {
  const { pid } = await giveUpPractice(root)
  print(`The practice of process ${pid} gives up; its terminal tells what it was.\n`)
  return 0
}

async function showHistory(root: string, json: boolean): Promise<number> {
  const { practices, unreadable } = await readPractices(root)
  if (unreadable.length > 0)
    complain(
      `${paint.yellow('!')} ${countOf(unreadable.length, 'line')} of ${namePractices(root)} cannot be read: ${unreadable.join(', ')}\n`,
    )
  const more = unreadable.length > 0 ? { unreadable } : {}
  if (json) process.stdout.write(`${formatJson({ practices: practices.toReversed(), ...more })}\n`)
  else if (practices.length === 0) complain('Nobody has practised here yet: handbook practise --surprise\n')
  else print(formatPractices(practices))
  return 0
}
