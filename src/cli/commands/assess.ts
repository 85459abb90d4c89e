import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defineCommand } from 'citty'
import { findCommit } from '../../handbook/index.ts'
import { runPages } from '../../operate/index.ts'
import { type Assessment, assess as assessRuns } from '../../readiness/index.ts'
import { assessFormats, createAssessProgress } from '../../report/index.ts'
import { chooseFormat, listFormats } from '../choose-format.ts'
import { describeActor } from '../describe-actor.ts'
import { openHandbook } from '../find-procedure.ts'
import { findRulesFolder } from '../find-rules-folder.ts'
import { findStore } from '../find-store.ts'
import { demandCatalogue, openCatalogue } from '../open-catalogue.ts'
import { openEnvironment } from '../open-environment.ts'
import { BUNDLES } from '../paths.ts'
import { prove } from '../prove.ts'
import { readAssessmentPages } from '../read-assessment-pages.ts'
import { readSecrets } from '../read-secrets.ts'
import { inheritVariables } from '../start-early.ts'
import { UsageError } from '../usage-error.ts'
import { reporting } from './lab/reporting.ts'

/** Where the newest assessment is kept for the site. */
const FILE = 'static/readiness/assessment.json'

/** `handbook assess`: measures how ready a deployment is for production. */
export const assess = defineCommand({
  meta: {
    name: 'assess',
    description: `Assess a deployment: run every check of docs/readiness/ in it, and score what
they found. Without --env, a running lab is assessed; --env lab starts one for
the time of the assessment when none is running.

  handbook assess --env lab
  handbook assess --area log
  handbook assess --env production --min-score 90 --format junit
  handbook assess --env lab --write

With --prove the checks themselves are put to the test: what each guards is
broken, in a lab of its own or in a copy of the repository, and exactly the
checks that declare the mutation must fail.

  handbook assess --prove
  handbook assess --prove --area log
  handbook assess --prove durations health/answers

Exit code: 0 assessed; 1 below --min-score, or a proof failed; 2 wrong usage,
or a page that cannot be read; 3 a check may not run there.`,
  },
  args: {
    checks: { type: 'positional', required: false, description: 'With --prove: only these, as id or page/id' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    area: { type: 'string', description: 'Only this area: log, conf, sec, …', valueHint: 'ID' },
    'min-score': { type: 'string', description: 'The percentage below which the exit code is 1', valueHint: 'N' },
    prove: { type: 'boolean', description: 'Break what each check guards, and demand that it fails' },
    write: { type: 'boolean', description: 'Keep the result in static/readiness/, for the site' },
    format: { type: 'string', description: listFormats(assessFormats), valueHint: 'NAME' },
    json: { type: 'boolean', description: 'The same as --format json' },
  },
  async run({ args }) {
    const handbook = await openHandbook(process.cwd())
    if (!handbook) throw new UsageError('There is no handbook here', 'Go into the folder of a handbook.yaml')
    const format = chooseFormat(args, assessFormats, 'text')
    const least = readScore(args['min-score'])
    if (!args.prove && args._.length > 0) throw new UsageError('Single checks can only be proven', 'Add --prove')
    if (!args.prove && args.write && args.area !== undefined)
      throw new UsageError('--write keeps whole assessments: leave out --area')
    const { root } = handbook
    const named = await openCatalogue(handbook)
    const pages = await readAssessmentPages(handbook, named, args.area)
    const canceller = new AbortController()
    const { signal } = canceller
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => canceller.abort())
    if (args.prove) {
      if (args.env !== undefined || least !== undefined)
        throw new UsageError('--prove takes no --env and no --min-score')
      if (format !== 'text' && format !== 'json') throw new UsageError('--prove prints text or json')
      const options = { checks: args._, write: args.write === true, json: format === 'json', signal }
      return reporting(() => prove(handbook, pages, options)).catch(error => {
        if (signal.aborted) return 130
        throw error
      })
    }
    const catalogue = demandCatalogue(named)
    const progress = createAssessProgress(text => void process.stderr.write(text), pages, process.stderr.isTTY === true)
    return reporting(async () => {
      const { environment, close } = await openEnvironment(handbook, args.env, {
        directory: join(root, '.handbook', 'assess', String(process.pid)),
        rules: () => findRulesFolder(handbook),
        timeScale: 60,
        signal,
        log: progress.say,
      })
      try {
        const secrets = await readSecrets(environment, { env: process.env, folder: root })
        const world = {
          root,
          bundles: BUNDLES,
          store: findStore(root, process.env),
          inherited: inheritVariables(process.env),
          readSecrets: async () => secrets,
          by: describeActor(),
          signal,
        }
        const runs = await runPages(pages, environment, world, progress.listen)
        progress.end()
        // Half an assessment would read as a bad one.
        if (signal.aborted) return 130
        const circumstances = {
          environment: environment.name,
          date: new Date().toISOString(),
          commit: await findCommit(handbook),
          pages: Object.fromEntries(pages.map(({ path, hash }) => [path, hash])),
        }
        const assessment = assessRuns(runs, catalogue, circumstances, args.area === undefined ? undefined : [args.area])
        process.stdout.write(assessFormats[format]({ assessment, columns: process.stdout.columns }))
        if (args.write) await keep(root, assessment, progress.say)
        const refused = runs.flatMap(({ events }) =>
          events.flatMap(event => (event.type === 'run.finished' ? (event.refused ?? []) : [])),
        )
        for (const why of refused) progress.say(`Refused: ${why}`)
        if (refused.length > 0) return 3
        return least !== undefined && (assessment.score ?? 0) < least ? 1 : 0
      } finally {
        await close()
      }
    }).catch(error => {
      if (signal.aborted) return 130
      throw error
    })
  },
})

function readScore(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const score = Number(text)
  if (text.trim() !== '' && score >= 0 && score <= 100) return score
  throw new UsageError(`--min-score ${text} is not a percentage`)
}

/** Writes the assessment down without a path of this machine: what it is published for is everybody's. */
async function keep(root: string, assessment: Assessment, say: (line: string) => void): Promise<void> {
  await mkdir(join(root, FILE, '..'), { recursive: true })
  const text = JSON.stringify(assessment, null, 2).replaceAll(JSON.stringify(root).slice(1, -1), '.')
  await writeFile(join(root, FILE), `${text}\n`)
  say(`Kept in ${FILE}`)
}
