import type { FastifyInstance } from 'fastify'
import { findCalls, readOnCall } from '../../operate/index.ts'
import type { CallsNow } from '../../wire/index.ts'
import { demandPerson } from '../entrance/sessions.ts'
import type { ServerParts } from '../server-parts.ts'

/** Whom to call now. The rota is read when somebody asks, and goes only to those who have come in. */
export function addOnCall(app: FastifyInstance, parts: ServerParts): void {
  app.get('/api/on-call', async (request): Promise<CallsNow> => {
    demandPerson(request, parts)
    const now = new Date()
    const { handbook, options } = parts
    return findCalls(await readOnCall(handbook, { env: options.runner.env, now }), handbook.file.owners, now)
  })
}
