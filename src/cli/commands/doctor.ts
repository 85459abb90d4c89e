import { defineCommand } from 'citty'
import { countOf, formatJson } from '../../base/index.ts'
import { examine, type Finding } from '../../operate/index.ts'
import { wrapText } from '../../report/index.ts'
import { createPorts } from '../ports.ts'
import { paint, print } from '../print.ts'

const SIGNS: Readonly<Record<Finding['state'], string>> = {
  good: paint.green('✓'),
  bad: paint.red('✗'),
  note: paint.yellow('!'),
  unknown: paint.yellow('?'),
}

/** `handbook doctor`: can a page be run here and now? */
export const doctor = defineCommand({
  meta: {
    name: 'doctor',
    description: `Look whether a page can be run here and now: facts and services of the environment, commands, secrets, Prometheus,
Alertmanager, clocks, room for the record, and what else is under way. Changes nothing. Without PAGE it looks at what
every page needs.

  handbook doctor --env production
  handbook doctor queue-stuck --env production
  handbook doctor QueueStuck --env production --json

Exit code: 0 nothing keeps it from running; 1 something does; 2 wrong usage.`,
  },
  args: {
    page: { type: 'positional', required: false, description: 'The page: its id, its path, or the name of an alert' },
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Findings as JSON on stdout' },
  },
  async run({ args }) {
    const { environment, page, findings } = await examine({ environment: args.env, page: args.page }, createPorts())
    const wrong = findings.filter(({ state }) => state === 'bad').length
    if (args.json) process.stdout.write(`${formatJson({ environment, page, findings }, 2)}\n`)
    else {
      print(`${paint.bold(page === undefined ? environment : `${page} in ${environment}`)}\n\n`)
      const width = Math.max(...findings.map(({ topic }) => topic.length))
      for (const finding of findings) print(describe(finding, width))
      const unknown = findings.filter(({ state }) => state === 'unknown').length
      const rest = unknown === 0 ? '' : `, ${unknown} unknown`
      if (wrong > 0) print(`\n${paint.red('✗')} ${countOf(wrong, 'thing')} to mend${rest}\n`)
      else print(`\n${paint.green('✓')} Nothing that was looked at keeps it from running${rest}\n`)
    }
    return wrong > 0 ? 1 : 0
  },
})

/** Words hang below each other; a command to copy stays on one line. */
function describe({ topic, state, says, hint }: Finding, width: number): string {
  const indent = ' '.repeat(width + 6)
  const [first = '', ...rest] = wrapText(says, Math.max(30, (process.stdout.columns || 80) - indent.length))
  const lines = [`  ${SIGNS[state]} ${topic.padEnd(width)}  ${first}`, ...rest.map(line => indent + line)]
  return `${[...lines, ...(hint === undefined ? [] : [`${indent}${paint.dim(hint)}`])].join('\n')}\n`
}
