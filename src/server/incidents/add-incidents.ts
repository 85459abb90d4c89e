import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as z from 'zod/mini'
import { foldIncident, type IncidentEvent, type IncidentView } from '../../journal/index.ts'
import {
  changeIncident,
  declareIncident,
  draftPostmortem,
  incidentChangeSchema,
  listIncidents,
  type RunMemory,
  tellChat,
  viewIncident,
} from '../../operate/index.ts'
import type { IncidentMessage } from '../../wire/index.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { ownKey } from '../entrance/own-key.ts'
import { demandPerson, demandResponder } from '../entrance/sessions.ts'
import { demandEnvironment } from '../now/add-now.ts'
import { readBody } from '../read-body.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { recordAlerts } from './record-alerts.ts'

const key = z.string().check(z.minLength(8), z.maxLength(200))
const declared = z.strictObject({ key, environment: z.string() })
const changed = z.strictObject({ key, change: incidentChangeSchema })
const drafted = z.strictObject({ key })

/** Milliseconds between two looks while somebody watches, and after which is told that nothing changed. */
const LOOK_EVERY = 1000
const TELL_EVERY = 4500

/** Incidents: those there are, one as it stands and as it goes on, and what people do with it. */
export function addIncidents(app: FastifyInstance, parts: ServerParts): void {
  const { store, streams, actor } = parts
  const limitDeclared = limitRate({ burst: 5, every: 10_000 })
  const limit = limitRate({ burst: 60, every: 1000 })
  const look = createLook(parts)
  app.get('/api/incidents', async request => {
    demandPerson(request, parts)
    const environments = [demandEnvironment(request, parts)]
    return { incidents: await listIncidents(store, { environments, all: true, limit: 50 }) }
  })
  app.post('/api/incidents', async (request, reply) => {
    const { person } = demandResponder(request, parts)
    limitDeclared(person)
    const { environment, key } = readBody(request, declared)
    if (!parts.served.some(({ name }) => name === environment))
      throw new Refused(422, `The environment ${environment} is not served`)
    const by = actor(person)
    const deployment = (await parts.resolve(environment).catch(() => undefined))?.deployment
    const { event, isNew } = await declareIncident(
      store,
      { environment, deployment },
      { by, key: ownKey(person, key) },
    ).catch(unrecorded)
    if (event.type !== 'incident.declared' || event.environment !== environment)
      throw new Refused(422, 'This key declared something else')
    await recordAlerts(environment, parts)
    if (isNew) tell(event, parts)
    return reply.code(isNew ? 201 : 200).send({ incident: event.incident })
  })
  app.get('/api/incidents/:incident', async request => {
    demandPerson(request, parts)
    return tellNow(await look(await findServed(request, parts)))
  })
  app.get('/api/incidents/:incident/events', async (request, reply) => {
    const { person } = demandPerson(request, parts)
    const incident = await findServed(request, parts)
    const stream = streams.open(reply, person)
    let told = ''
    let at = Number.NEGATIVE_INFINITY
    while (!stream.signal.aborted) {
      const view = await look(incident)
      const content = JSON.stringify(view)
      if (content !== told || performance.now() - at > TELL_EVERY) {
        told = content
        at = performance.now()
        if (!(await stream.send(tellNow(view)))) break
      }
      await sleep(LOOK_EVERY, undefined, { signal: stream.signal }).catch(() => undefined)
    }
    stream.end()
  })
  app.post('/api/incidents/:incident/changes', async request => {
    const { person } = demandResponder(request, parts)
    limit(person)
    const incident = await findServed(request, parts)
    const { key, change } = readBody(request, changed)
    const { event, isNew } = await changeIncident(store, incident, change, {
      by: actor(person),
      key: ownKey(person, key),
    })
    if (isNew) tell(event, parts)
    return { recorded: event.seq }
  })
  app.post('/api/incidents/:incident/postmortem', async (request, reply) => {
    const { person } = demandResponder(request, parts)
    limit(person)
    const incident = await findServed(request, parts)
    readBody(request, drafted)
    const before = foldIncident((await store.incidents.read(incident))?.events ?? [])?.postmortem
    if (before !== undefined) return { path: before }
    const { path } = await draftPostmortem(store, incident, { handbook: parts.handbook, by: actor(person) })
    return reply.code(201).send({ path })
  })
}

/** Tells the chat without keeping anybody waiting: whether it heard is on the timeline. */
export function tell(event: IncidentEvent, { store, handbook, env, actor, account, url }: ServerParts): void {
  void tellChat(store, event, { handbook, env, by: actor(account), url: url() })
}

function tellNow(incident: IncidentView): IncidentMessage {
  return { time: new Date().toISOString(), incident }
}

function unrecorded(error: unknown): never {
  throw new Refused(503, 'Nothing can be recorded', error instanceof Error ? error.message : String(error))
}

/** The most runs that are remembered. */
const REMEMBERED = 500

/** Looks at an incident; many who watch look once. */
function createLook({ store }: ServerParts): (incident: string) => Promise<IncidentView> {
  const memory: RunMemory = new Map()
  const looking = new Map<string, Promise<IncidentView | undefined>>()
  return async incident => {
    if (memory.size > REMEMBERED) memory.clear()
    const looked =
      looking.get(incident) ?? viewIncident(store, incident, memory).finally(() => looking.delete(incident))
    looking.set(incident, looked)
    const view = await looked
    if (view) return view
    throw new Refused(404, 'There is no such incident')
  }
}

/** The id of an incident of an environment that is served. Throws when there is none. */
async function findServed({ params }: FastifyRequest, { store, served }: ServerParts): Promise<string> {
  const incident = String(Object(params).incident)
  const state = foldIncident((await store.incidents.read(incident))?.events ?? [])
  if (state && served.some(({ name }) => name === state.environment)) return incident
  throw new Refused(404, 'There is no such incident', 'It may belong to an environment that is not served')
}
