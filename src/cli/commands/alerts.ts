import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defineCommand } from 'citty'
import { findProgram, formatDuration, formatJson } from '../../base/index.ts'
import { type AnsweredAlert, checkAlerts, listFiringThere } from '../../operate/index.ts'
import { formatProblemsJson, formatProblemsText } from '../../report/index.ts'
import { createPorts } from '../ports.ts'
import { complain, paint, print } from '../print.ts'

const check = defineCommand({
  meta: {
    name: 'check',
    description: `Compare Prometheus rules with the handbook's pages: every alert has a page, its runbook_url leads there, and every alert
that a page names exists. Reads rule files, what a mixin makes, and manifests of the kind PrometheusRule; of a folder, every
YAML file that holds rules, however deep.

  handbook alerts check
  handbook alerts check static/monitoring
  handbook alerts check manifests/*-prometheusRule.yaml
  handbook alerts check rules.yaml --pages runbooks --url https://runbooks.example
  handbook alerts check rules.yaml --json | jq -r '.problems[] | "\\(.file):\\(.line) \\(.message)"'

Exit code: 0 fine, warnings included; 1 errors; 2 wrong usage.`,
  },
  args: {
    rules: {
      type: 'positional',
      required: false,
      description: 'Files and folders of rules; without them, those that handbook.yaml names',
    },
    pages: { type: 'string', description: 'A folder of pages, when there is no handbook.yaml', valueHint: 'FOLDER' },
    url: { type: 'string', description: 'Where the pages of that folder are published', valueHint: 'URL' },
    annotation: {
      type: 'string',
      description: 'The annotation of alerts that names the page, for that folder; without it, runbook_url',
      valueHint: 'NAME',
    },
    json: { type: 'boolean', description: 'Problems as JSON on stdout' },
  },
  async run({ args: { _: rules, pages, url, annotation, json } }) {
    const cwd = process.cwd()
    const promtool = findProgram(['promtool'], process.env.PATH) !== undefined
    const { handbook, problems, unjudged } = await checkAlerts({ rules, pages, url, annotation, promtool }, { cwd })
    if (json) process.stdout.write(formatProblemsJson(problems, undefined, unjudged === undefined ? [] : [unjudged]))
    else {
      if (unjudged !== undefined) complain(paint.dim(`${unjudged}\n`))
      const shown = problems.map(problem => ({ ...problem, file: relative(cwd, join(handbook.root, problem.file)) }))
      const readText = (file: string) => readFileSync(join(cwd, file), 'utf8')
      print(formatProblemsText(shown, { readText, pages: handbook.pages.length }))
    }
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

/** `handbook alerts`: what fires, and alert rules beside the pages that answer them. */
export const alerts = defineCommand({
  meta: {
    name: 'alerts',
    description: `The alerts that fire now, each with the page that answers it. Or, with check: alert rules beside pages.

  handbook alerts --env production
  handbook alerts --env production --json
  handbook alerts check rules/*.yaml

Exit code: 0 Alertmanager answered, whatever fires; 1 it did not answer; 2 wrong usage.`,
  },
  args: {
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  subCommands: { check },
  async run({ args: { env, json } }) {
    const there = await listFiringThere(env, createPorts())
    if (json) process.stdout.write(`${formatJson(there, 2)}\n`)
    else if ('why' in there)
      complain(`${paint.red('✗')} Nobody knows what fires in ${there.environment}: ${there.why}\n`)
    else if (there.firing.length === 0) print(`Nothing fires in ${there.environment}\n`)
    else for (const alert of there.firing) print(describe(alert, there.environment, Date.parse(there.at)))
    return 'why' in there ? 1 : 0
  },
})

/** A firing alert in a few lines, the last of which is a command to copy. */
function describe({ name, labels, since, quiet, page }: AnsweredAlert, environment: string, now: number): string {
  const { severity = '' } = labels
  const sign = severity === 'critical' ? paint.red('●') : paint.yellow('●')
  const age =
    since === undefined ? '' : `for ${formatDuration(1000 * Math.max(1, Math.round((now - Date.parse(since)) / 1000)))}`
  const facts = [severity, age, quiet ?? ''].filter(Boolean).join(', ')
  const answer =
    page === undefined ? 'No page answers it' : `${page.title}\n  handbook run ${name} --env ${environment}`
  return `${sign} ${paint.bold(name)}${facts === '' ? '' : `  ${facts}`}\n  ${answer}\n`
}
