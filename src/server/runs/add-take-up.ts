import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import { makeRunId } from '../../journal/index.ts'
import type { OrderAnswer, TakeUpOrder } from '../../operate/index.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { ownKey } from '../entrance/own-key.ts'
import { demandResponder } from '../entrance/sessions.ts'
import { readBody } from '../read-body.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { findServedRun } from './find-served-run.ts'
import { startRunner } from './start-runner.ts'

const takeUp = z.strictObject({
  key: z.string().check(z.minLength(8), z.maxLength(200)),
  contentHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  after: z.int().check(z.minimum(1)),
  interrupted: z.optional(z.enum(['repeat', 'skip'])),
})

/**
 * Takes up a run whose runner is gone, or that has ended: resumes it, or rolls back what it left. As for a run that is begun, the page must be the
 * one that the browser shows, a process of its own does it, and the same key does it once.
 */
export function addTakeUp(app: FastifyInstance, parts: ServerParts): void {
  const { store, options, handbook, account } = parts
  const limit = limitRate({ burst: 10, every: 3000 })
  const starting = new Map<string, Promise<OrderAnswer>>()
  for (const what of ['resume', 'roll-back'] as const)
    app.post(`/api/runs/:run/${what}`, async (request, reply) => {
      const { person } = demandResponder(request, parts)
      limit(person)
      const { run } = await findServedRun(request, parts)
      const { key, ...ask } = readBody(request, takeUp)
      const order = createHash('sha256')
        .update(JSON.stringify([what, run, ask]))
        .digest('hex')
      const wanted = what === 'resume' ? run : makeRunId(new Date())
      const begun = await store.noteBeginning(ownKey(person, key), { run: wanted, order }).catch((error: Error) => {
        throw new Refused(503, 'Nothing can be recorded', error.message)
      })
      if (begun.order !== order) throw new Refused(422, 'This key began something else')
      const isDone = async () => {
        const events = (await store.read(begun.run))?.events ?? []
        if (what === 'roll-back') return events.length > 0
        // Who pressed saw it as it stood then: somebody may have resumed it since.
        return events.some(({ type, seq }) => type === 'run.resumed' && seq > ask.after)
      }
      if (await isDone()) return { run: begun.run }
      const { contentHash, interrupted } = ask
      const as = person === account ? {} : { as: person }
      const doing: TakeUpOrder = {
        do: what,
        run,
        contentHash,
        ...(what === 'resume' ? (interrupted === undefined ? {} : { interrupted }) : { newRun: begun.run }),
        ...as,
      }
      const answer = starting.get(order) ?? startRunner(doing, options.runner, handbook.root)
      starting.set(order, answer)
      const result = await answer.finally(() => starting.delete(order))
      if ('begun' in result) return reply.code(201).send({ run: result.begun })
      if (await isDone()) return { run: begun.run }
      throw new Refused(result.refused === 'wrong' ? 422 : 409, result.message, result.hint)
    })
}
