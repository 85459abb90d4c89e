import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import { limitRate } from '../entrance/limit-rate.ts'
import { demandPerson, demandResponder } from '../entrance/sessions.ts'
import { demandEnvironment } from '../now/add-now.ts'
import { readBody } from '../read-body.ts'
import type { ServerParts } from '../server-parts.ts'
import { createRunBeginner } from './begin-run.ts'
import { findServedRun } from './find-served-run.ts'
import { makeRunCard } from './make-run-card.ts'
import { tellRun } from './run-feeds.ts'

const key = z.string().check(z.minLength(8), z.maxLength(200))
const beginRun = z.strictObject({
  key,
  page: z.string().check(z.maxLength(200)),
  contentHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  environment: z.string(),
  params: z.record(z.string(), z.string()),
  alert: z.optional(z.string()),
})

/** The most runs in one list. */
const MOST = 100

/** Runs: those there were, one as it stands and as it goes on, and a new one. */
export function addRuns(app: FastifyInstance, parts: ServerParts): void {
  const { store, streams, feeds } = parts
  const begin = createRunBeginner(parts)
  const limit = limitRate({ burst: 20, every: 3000 })
  app.get('/api/runs', async request => {
    demandPerson(request, parts)
    const environment = demandEnvironment(request, parts)
    const wanted = Math.min(MOST, Math.max(1, Math.floor(Number(Object(request.query).limit ?? 20)) || 20))
    for (let reach = 2 * wanted; ; reach *= 4) {
      const { runs, total } = await store.list({ limit: reach })
      const found = runs.filter(run => run.environment === environment)
      if (found.length >= wanted || reach >= total) return { runs: found.slice(0, wanted).map(makeRunCard) }
    }
  })
  app.post('/api/runs', async (request, reply) => {
    const { person } = demandResponder(request, parts)
    limit(person)
    const { alert, ...ask } = readBody(request, beginRun)
    const { run, isNew } = await begin({ ...ask, ...(alert === undefined ? {} : { alert }) }, person)
    return reply.code(isNew ? 201 : 200).send({ run })
  })
  app.get('/api/runs/:run', async request => {
    demandPerson(request, parts)
    const { run, recording, state } = await findServedRun(request, parts)
    const { by, outcome } = state
    const running = outcome === undefined && by !== undefined && (await store.judgeRunner(run, by)) === 'alive'
    return {
      card: makeRunCard({ ...state, running }),
      running,
      events: recording.events,
      questions: outcome === undefined ? await store.listQuestions(run) : [],
    }
  })
  app.get('/api/runs/:run/events', async (request, reply) => {
    const { person } = demandPerson(request, parts)
    const { run } = await findServedRun(request, parts)
    const last = Number(request.headers['last-event-id'] ?? 0)
    const heard = Number.isSafeInteger(last) ? last : 0
    const stream = streams.open(reply, person)
    await feeds.use(run, async feed => {
      for await (const { message, id } of tellRun(feed, heard, stream.signal))
        if (!(await stream.send(message, id))) break
    })
    stream.end()
  })
}
