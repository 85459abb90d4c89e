import type { FastifyInstance, FastifyRequest } from 'fastify'
import { demandPerson } from '../entrance/sessions.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'

/** What is known of an environment now. */
export function addNow(app: FastifyInstance, parts: ServerParts): void {
  app.get('/api/now', async request => {
    demandPerson(request, parts)
    return parts.now.read(demandEnvironment(request, parts))
  })
  app.get('/api/now/events', async (request, reply) => {
    const { person } = demandPerson(request, parts)
    const environment = demandEnvironment(request, parts)
    const stream = parts.streams.open(reply, person)
    for await (const now of parts.now.follow(environment, stream.signal)) if (!(await stream.send(now))) break
    stream.end()
  })
}

/** The environment that a request is about; the only one, when it names none. Throws for one that is not served. */
export function demandEnvironment({ query }: FastifyRequest, { served }: ServerParts): string {
  const { environment } = Object(query)
  const [first, ...others] = served
  if (environment === undefined && first && others.length === 0) return first.name
  if (served.some(({ name }) => name === environment)) return environment
  const names = served.map(({ name }) => name).join(', ')
  if (environment === undefined) throw new Refused(422, 'Say which environment', `?environment= one of ${names}`)
  throw new Refused(404, 'This environment is not served', `There are: ${names}`)
}
