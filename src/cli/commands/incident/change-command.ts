import { type ArgsDef, defineCommand, type ParsedArgs } from 'citty'
import { formatJson, makeVisible } from '../../../base/index.ts'
import type { Actor, RunStore } from '../../../journal/index.ts'
import {
  changeIncident,
  findStoreAround,
  guess,
  type IncidentChange,
  incidentChangeSchema,
  listIncidents,
  openHandbook,
  tellChat,
  UsageError,
} from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { paint, print } from '../../print.ts'

/** What every command takes that changes an incident. */
export const INCIDENT_ARGS = {
  incident: { type: 'string', description: 'Which one; without it, the one that is open', valueHint: 'ID' },
  as: { type: 'string', description: 'Who you are, on an account that several people use', valueHint: 'NAME' },
  json: { type: 'boolean', description: 'Data for scripts' },
} as const satisfies ArgsDef

/** A command that changes an incident, and tells the chat where that is its matter. */
export function defineChange<const Args extends ArgsDef>(command: {
  readonly name: string
  readonly description: string
  readonly args: Args
  /** What is asked for; it is checked as one of a browser is. */
  readonly read: (args: ParsedArgs<Args>, by: Actor) => unknown
  readonly done: string
}) {
  const { name, description, args, read, done } = command
  return defineCommand({
    meta: { name, description },
    args: { ...args, ...INCIDENT_ARGS },
    async run({ args: given }) {
      // What citty parsed by the same table.
      const ports = createPorts()
      const store = await findStoreAround(ports)
      const { incident: id, as, json } = readCommon(given)
      const by = actAs(ports.by, as)
      const incident = await findIncident(store, id)
      const { event } = await changeIncident(store, incident, readChange(read(given as ParsedArgs<Args>, by)), { by })
      await tellChat(store, event, { handbook: await openHandbook(ports.cwd), env: ports.env, by })
      if (json) process.stdout.write(`${formatJson({ incident, event })}\n`)
      else print(`${paint.green('✓')} ${done}\n`)
      return 0
    },
  })
}

function readCommon(given: Readonly<Record<string, unknown>>) {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return { incident: text(given.incident), as: text(given.as), json: given.json === true }
}

/** Who acts, on an account that several people use: a claim. */
export function actAs(by: Actor, name: string | undefined): Actor {
  if (name === undefined) return by
  if (/^[\w.@+-]+$/.test(name)) return { ...by, user: name }
  throw new UsageError(`--as ${makeVisible(name)} is no name of a person`, 'Your user name, without spaces')
}

/** The incident that is meant. Throws a `UsageError` when that is not clear. */
export async function findIncident(store: RunStore, id: string | undefined): Promise<string> {
  if (id !== undefined) {
    if (await store.incidents.read(id)) return id
    throw new UsageError(`There is no incident ${makeVisible(id)}`, guess(id, await store.incidents.list()))
  }
  const [first, ...others] = await listIncidents(store)
  if (first && others.length === 0) return first.id
  if (!first) throw new UsageError('No incident is open', 'Declare one: handbook incident declare')
  throw new UsageError(
    'Several incidents are open',
    `Say which: --incident ${[first, ...others].map(({ id, environment }) => `${id} (${environment})`).join(' or ')}`,
  )
}

function readChange(asked: unknown): IncidentChange {
  const read = incidentChangeSchema.safeParse(asked)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`${issue?.path.join('.') || 'This'}: ${issue?.message}`)
}
