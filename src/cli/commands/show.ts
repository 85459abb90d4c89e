import { defineCommand } from 'citty'
import { formatDuration, formatJson } from '../../base/index.ts'
import { type AlertsThere, askAlertsThere, findProcedure, nameAnswered } from '../../operate/index.ts'
import { createPorts } from '../ports.ts'
import { complain, fitMarkdown, paint, paintMarkdown, printAsWritten } from '../print.ts'
import { sayWhomToCall } from '../say-calls.ts'

/** `handbook show`: a page, to be read in the terminal. */
export const show = defineCommand({
  meta: {
    name: 'show',
    description: `Read a page in the terminal. PAGE is its id, its path, or the name of an alert that it answers. By an alert’s name it says
first, on stderr, whether the alert fires, and since when; below a runbook, whom to call now.

  handbook show disk-filling
  handbook show DiskFilling --env production
  handbook show DiskFilling --json`,
  },
  args: {
    page: { type: 'positional', required: true, description: 'Id, path or alert' },
    env: { type: 'string', description: 'Where its alert may fire; without it, a running lab', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'The page as a program, for scripts' },
  },
  async run({ args }) {
    const { procedure, text, handbook, alert } = await findProcedure(args.page, process.cwd())
    const alerts = alert === undefined ? (args.env === undefined ? [] : procedure.alerts) : [alert]
    if (alerts.length > 0)
      complain(tellAlerts(alerts, await askAlertsThere(alerts, handbook, args.env, createPorts().practice)))
    if (args.json) process.stdout.write(`${formatJson(procedure)}\n`)
    else printAsWritten(paintMarkdown(process.stdout.isTTY ? fitMarkdown(text, process.stdout.columns || 80) : text))
    if (!args.json && procedure.kind === 'runbook') complain(await sayWhomToCall(procedure, handbook))
    return 0
  },
})

/** Whether alerts fire, a line for each that does; no more than was asked. */
function tellAlerts(alerts: readonly string[], there: AlertsThere): string {
  const names = alerts.join(', ')
  const { environment } = there
  if (environment === undefined) return `Whether ${names} fires: handbook alerts --env NAME\n`
  if (there.asked !== 'answered') {
    const why = there.asked === 'nobody' ? 'it names no Alertmanager that could be asked' : there.why
    return `Whether ${names} fires in ${environment} is unknown: ${why}\n`
  }
  const named = alerts.map(alert => nameAnswered(alert, there)).join(', ')
  if (there.firing.length === 0) return `${named} ${alerts.length === 1 ? 'does' : 'do'} not fire in ${environment}\n`
  return there.firing
    .map(({ name, since, quiet }) => {
      const age = since === undefined ? undefined : Math.max(1000, Date.now() - Date.parse(since))
      const when = since === undefined ? '' : ` since ${since.slice(0, 10)} ${since.slice(11, 19)} UTC`
      const facts = [
        age === undefined ? '' : `for ${formatDuration(age)}`,
        quiet === undefined ? '' : `and is ${quiet}`,
      ]
      return `${[`${paint.red('●')} ${nameAnswered(name, there)} fires in ${environment}${when}`, ...facts.filter(Boolean)].join(', ')}\n`
    })
    .join('')
}
