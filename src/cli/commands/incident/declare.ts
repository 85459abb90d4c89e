import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import {
  changeIncident,
  declareIncident,
  demandHandbook,
  findStoreAround,
  incidentChangeSchema,
  listFiringThere,
  observeAlerts,
  resolveEnvironment,
  tellChat,
  UsageError,
} from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { complain, paint, print } from '../../print.ts'
import { actAs } from './change-command.ts'

/** `handbook incident declare`: from now on it is written down. */
export const declare = defineCommand({
  meta: {
    name: 'declare',
    description: `Declare an incident: from now on alerts, runs, changes and notes are one timeline. All else can be said later

  handbook incident declare
  handbook incident declare --env production --severity SEV2 --sees "Orders fail with 503"

You are its commander until somebody else accepts that.`,
  },
  args: {
    env: { type: 'string', description: 'The environment; without it, a running lab', valueHint: 'NAME' },
    severity: { type: 'string', description: 'SEV1, SEV2 or SEV3', valueHint: 'SEV' },
    sees: { type: 'string', description: 'What customers see, in a sentence', valueHint: 'TEXT' },
    as: { type: 'string', description: 'Who you are, on an account that several people use', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args }) {
    const ports = createPorts()
    const handbook = await demandHandbook(ports.cwd)
    const { name, deployment } = await resolveEnvironment(handbook, args.env, ports.practice)
    const described = readDescribed(args)
    const store = await findStoreAround(ports)
    const by = actAs(ports.by, args.as)
    const { event } = await declareIncident(store, { environment: name, deployment }, { by })
    const { incident } = event
    if (described) await changeIncident(store, incident, described, { by })
    // That nobody can say what fires keeps nobody from declaring.
    const firing = await listFiringThere(name, ports).catch(() => undefined)
    if (firing && 'firing' in firing)
      await observeAlerts(store, incident, { firing: firing.firing.map(addSeverity), all: true }, by)
    await tellChat(store, event, { handbook, env: ports.env, by })
    if (args.json) process.stdout.write(`${formatJson({ incident })}\n`)
    else {
      print(`${paint.green('✓')} Incident ${incident} is declared in ${name}. You are its commander\n`)
      if (!firing || 'why' in firing) complain(`${paint.yellow('!')} It is not known what fires there\n`)
      print(paint.dim('  handbook incident show\n'))
    }
    return 0
  },
})

function readDescribed({
  severity,
  sees,
}: {
  readonly severity?: string | undefined
  readonly sees?: string | undefined
}) {
  if (severity === undefined && sees === undefined) return undefined
  const read = incidentChangeSchema.safeParse({
    do: 'describe',
    ...(severity === undefined ? {} : { severity }),
    ...(sees === undefined ? {} : { sees }),
  })
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`--${issue?.path.join('.')}: ${issue?.message}`, 'Such as --severity SEV2')
}

function addSeverity<T extends { readonly labels: Readonly<Record<string, string>> }>(alert: T) {
  const { severity } = alert.labels
  return { ...alert, ...(severity === undefined ? {} : { severity }) }
}
