import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import { LEGIBLE } from '../../base/index.ts'
import { foldIncident } from '../../journal/index.ts'
import { changeIncident, incidentChangeSchema, listIncidents } from '../../operate/index.ts'
import { demandToken } from '../entrance/demand-token.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { ownKey } from '../entrance/own-key.ts'
import { readBody } from '../read-body.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'

const note = z.strictObject({
  text: z.string().check(z.trim(), z.regex(LEGIBLE, 'expected words'), z.maxLength(2000)),
  /** Who wrote it there: a claim of the chat. */
  by: z.string().check(z.regex(/^[\w.@+-]{1,100}$/, 'expected a name without spaces')),
  /** Without it, the one that is open. */
  incident: z.optional(z.string()),
  /** The message's id in the chat: a program that sends it again makes no second note. */
  key: z.optional(z.string().check(z.minLength(8), z.maxLength(200))),
})

/** Takes notes from a chat, by bearer. */
export function addChatNotes(app: FastifyInstance, parts: ServerParts): void {
  const { store, served, actor } = parts
  const limit = limitRate({ burst: 30, every: 2000 })
  app.post('/api/notes', { bodyLimit: 16 * 1024 }, async (request, reply) => {
    demandToken(request, parts.options.tokens.note, 'Start it with --note-token-file FILE')
    limit('chat')
    const { text, by, incident, key: given = randomUUID() } = readBody(request, note)
    // Of the chat alone: no key of its own stands in the way of what somebody else writes down.
    const key = ownKey('the chat', given)
    const environments = served.map(({ name }) => name)
    const change = incidentChangeSchema.parse({ do: 'note', text })
    const meant = incident === undefined ? await findOpen() : await demandServed(incident)
    const { event } = await changeIncident(store, meant, change, { by: actor(by), key, from: 'chat' })
    return reply.code(201).send({ incident: meant, recorded: event.seq })

    async function findOpen(): Promise<string> {
      const [first, ...others] = await listIncidents(store, { environments })
      if (first && others.length === 0) return first.id
      throw first
        ? new Refused(
            409,
            'Several incidents are open',
            `Say which: ${[first, ...others].map(({ id }) => id).join(', ')}`,
          )
        : new Refused(409, 'No incident is open')
    }

    async function demandServed(id: string): Promise<string> {
      const state = foldIncident((await store.incidents.read(id))?.events ?? [])
      if (state && environments.includes(state.environment)) return id
      throw new Refused(404, 'There is no such incident')
    }
  })
}
