import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import type { WatchersNow } from '../../wire/index.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { demandPerson } from '../entrance/sessions.ts'
import { readBody } from '../read-body.ts'
import type { ServerParts } from '../server-parts.ts'
import { findServedRun } from './find-served-run.ts'
import { keepWatchers } from './watchers.ts'

const window = z.string().check(z.minLength(8), z.maxLength(64))
const here = z.strictObject({ window, leaves: z.optional(z.literal(true)) })

/** Who looks at a run. A window says again and again that it is there, and hears who else is. A reader is seen as well. */
export function addWatchers(app: FastifyInstance, parts: ServerParts): void {
  const watchers = keepWatchers()
  // Several windows of one person have one share.
  const limit = limitRate({ burst: 100, every: 40 })
  app.post<{ Params: { run: string } }>('/api/runs/:run/here', async (request): Promise<WatchersNow> => {
    const { person } = demandPerson(request, parts)
    limit(person)
    const { window, leaves } = readBody(request, here)
    const { run } = request.params
    // A window is another person's when somebody else comes in there.
    const own = `${person} ${window}`
    if (!watchers.isHere(run, own)) await findServedRun(request, parts)
    if (leaves) watchers.leave(run, own)
    else watchers.arrive(run, own, person)
    return { here: watchers.list(run) }
  })
}
