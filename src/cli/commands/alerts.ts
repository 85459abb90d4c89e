import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defineCommand } from 'citty'
import { checkAlerts } from '../../operate/index.ts'
import { formatProblemsJson, formatProblemsText } from '../../report/index.ts'
import { print } from '../print.ts'

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
    const { handbook, problems } = await checkAlerts({ rules, pages, url, annotation }, { cwd })
    if (json) process.stdout.write(formatProblemsJson(problems))
    else {
      const shown = problems.map(problem => ({ ...problem, file: relative(cwd, join(handbook.root, problem.file)) }))
      const readText = (file: string) => readFileSync(join(cwd, file), 'utf8')
      print(formatProblemsText(shown, { readText, pages: handbook.pages.length }))
    }
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0
  },
})

/** `handbook alerts`: alert rules and the pages that answer them. */
export const alerts = defineCommand({
  meta: {
    name: 'alerts',
    description: `Alert rules, and the pages that answer them.

  handbook alerts check rules/*.yaml`,
  },
  subCommands: { check },
})
