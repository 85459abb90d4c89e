import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { formatJson } from '../../base/index.ts'
import { LabError, labEnvironment } from '../../lab-port/index.ts'
import {
  assessDeployment,
  demandCatalogue,
  demandHandbook,
  demandLab,
  keepAssessment,
  openCatalogue,
  type Ports,
  type Practice,
  readAssessmentPages,
  UsageError,
} from '../../operate/index.ts'
import { type ProveOptions, prove } from '../../prove/index.ts'
import { countMeasured } from '../../readiness/index.ts'
import { assessFormats, createAssessProgress, formatCheckProofs, formatTrial } from '../../report/index.ts'
import { chooseFormat, formatOption } from '../choose-format.ts'
import { heedSignals } from '../heed-signals.ts'
import { createPorts, practice } from '../ports.ts'
import { complain, print } from '../print.ts'
import { explainOldLab } from './lab/lab-command.ts'
import { demandOwnProfile, profileOption, readProfile } from './lab/profile.ts'

/** `handbook assess`: measures how ready a deployment is for production. */
export const assessCommand = defineCommand({
  meta: {
    name: 'assess',
    description: `Assess a deployment: run every check of docs/readiness/ in it, and score what
they found. Without --env, a running lab is assessed. --env lab starts one when none is
running, and removes it afterwards.

  handbook assess --env lab
  handbook assess --area log
  handbook assess --env production --min-score 90 --format junit
  handbook assess --env lab --write

In a lab that reconstructs what was claimed once, an item counts only by checks
of which something was broken; --write keeps the result apart.

  handbook assess --env lab --profile legacy --write

--prove tests the checks themselves. It breaks what each check guards, in a lab
of its own or in a copy of the repository. Exactly the checks that declare the
mutation must fail.

  handbook assess --prove
  handbook assess --prove --area log
  handbook assess --prove durations health/answers

Exit code: 0 assessed; 1 below --min-score, nothing could be measured, or a proof failed; 2 wrong usage,
or a page that cannot be read; 3 a check may not run there.`,
  },
  args: {
    checks: { type: 'positional', required: false, description: 'With --prove: only these, as id or page/id' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    area: { type: 'string', description: 'Only this area: log, conf, sec, …', valueHint: 'ID' },
    profile: profileOption,
    'min-score': { type: 'string', description: 'The percentage below which the exit code is 1', valueHint: 'N' },
    prove: { type: 'boolean', description: 'Break what each check guards, and demand that it fails' },
    write: { type: 'boolean', description: 'Keep the result in static/readiness/, for the site' },
    format: formatOption(assessFormats),
    json: { type: 'boolean', description: 'The same as --format json' },
  },
  async run({ args }) {
    const handbook = await demandHandbook(process.cwd())
    const format = chooseFormat(args, assessFormats, 'text')
    const least = readScore(args['min-score'])
    if (!args.prove && args._.length > 0) throw new UsageError('Single checks can only be proven', 'Add --prove')
    if (!args.prove && args.write && args.area !== undefined)
      throw new UsageError('--write keeps whole assessments: leave out --area')
    const named = await openCatalogue(handbook)
    const pages = await readAssessmentPages(handbook, named, args.area)
    const profile = await readProfile(args.profile, handbook)
    const { signal, begin } = heedSignals()
    begin()
    return explainOldLab(async () => {
      if (args.prove) {
        if (args.env !== undefined || least !== undefined)
          throw new UsageError('--prove takes no --env and no --min-score')
        if (format !== 'text' && format !== 'json') throw new UsageError('--prove prints text or json')
        if (profile.profile !== undefined && args.write)
          throw new UsageError('--write keeps proofs of the usual lab: leave out --profile')
        const options = { handbook, pages, checks: args._, write: args.write === true, ...profile }
        return proveAndPrint(options, createPorts(signal), format === 'json')
      }
      const catalogue = demandCatalogue(named)
      await demandOwnProfile(profile, handbook)
      const { isTTY } = process.stderr
      const progress = createAssessProgress(text => void process.stderr.write(text), pages, isTTY === true)
      const practice = startOwnLab('assess', 60, profile)
      const ports = { ...createPorts(signal), say: progress.say, practice }
      const options = { handbook, pages, catalogue, environment: args.env, area: args.area }
      const assessed = await assessDeployment(options, ports, progress.listen)
      progress.end()
      if (!assessed) return 130
      const { assessment, refused } = assessed
      const text = assessFormats[format]({ assessment, columns: process.stdout.columns })
      if (typeof text === 'string' && format === 'text') print(text)
      else process.stdout.write(text)
      const { measured, applying } = countMeasured(assessment.items)
      const blind = applying > 0 && measured === 0
      if (blind) progress.say(`Nothing was measured: no check of ${applying} items came to a result`)
      if (args.write && !blind) progress.say(`Kept in ${await keepAssessment(handbook.root, assessment)}`)
      for (const why of refused) progress.say(`Refused: ${why}`)
      if (refused.length > 0) return 3
      if (blind) return 1
      return least !== undefined && (assessment.score ?? 0) < least ? 1 : 0
    }).catch(error => {
      if (signal.aborted) return 130
      throw error
    })
  },
})

/** `--prove`: prints each mutation when it was tried, then the result of all. Returns the exit code. */
async function proveAndPrint(options: ProveOptions, ports: Ports, json: boolean): Promise<number> {
  const { columns } = process.stdout
  const say = json ? complain : print
  const proven = await prove(options, ports, {
    say: line => say(`${line}\n`),
    tried: (verdict, seconds) => say(formatTrial(verdict, seconds, columns)),
  })
  if (!proven) return 130
  const { proofs, mutations, seconds, runs } = proven
  // Older scripts read the mutations as `breakages`.
  const breakages = mutations.map(verdict => ({ ...verdict, breakage: verdict.mutation }))
  if (json) process.stdout.write(`${formatJson({ checks: proofs, mutations, breakages, seconds })}\n`)
  else print(formatCheckProofs(proofs, seconds, columns))
  if (runs === undefined) return 0
  say(`What the checks said: ${runs}\n`)
  return 1
}

function readScore(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const score = Number(text)
  if (text.trim() !== '' && score >= 0 && score <= 100) return score
  throw new UsageError(`--min-score ${text} is not a percentage`)
}

/** The practice deployment. When none runs, one is started in a folder of this handbook, and removed when the command ends. */
function startOwnLab(folder: string, timeScale: number, profile: { readonly profile?: string }): Practice {
  return {
    ...practice,
    async start(handbook, { rules, signal, say }) {
      const lab = await demandLab(handbook)
      const directory = join(handbook.root, '.handbook', folder, String(process.pid))
      const close = async () => {
        await lab.down(directory, { now: true })
        await rm(directory, { recursive: true, force: true })
      }
      await lab.up({ directory, rules, timeScale, signal, log: say, ...profile })
      try {
        const status = await lab.status(directory)
        if (!status) throw new LabError('part-failed', 'the lab came up, but does not run any more')
        return { environment: labEnvironment(status), close }
      } catch (error) {
        await close()
        throw error
      }
    },
  }
}
