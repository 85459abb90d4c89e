import type { FastifyInstance } from 'fastify'
import * as z from 'zod/mini'
import { readRuleFiles } from '../../handbook/index.ts'
import type { AlertPlot } from '../../wire/index.ts'
import { limitRate } from '../entrance/limit-rate.ts'
import { demandPerson } from '../entrance/sessions.ts'
import { demandEnvironment } from '../now/add-now.ts'
import { Refused } from '../refusal.ts'
import type { ServerParts } from '../server-parts.ts'
import { gatherPlot } from './gather-plot.ts'

/** An alert by its name, and how far back. The browser sends no expression. */
export const wanted = z.object({
  alert: z.string().check(z.regex(/^[\w:.-]{1,200}$/, 'expected the name of an alert')),
  minutes: z._default(z.enum(['15', '180', '1440']), '180'),
})

/** Milliseconds for which those who look at the same plot see the same one. */
const KEPT = 5000

/** What an alert's expression was over the last hours. */
export function addPlots(app: FastifyInstance, parts: ServerParts): void {
  const limit = limitRate({ burst: 60, every: 1000 })
  const kept = new Map<string, { readonly plot: Promise<AlertPlot>; readonly at: number }>()
  const gather = async (environment: string, alert: string, minutes: number) => {
    // A lab that is down names none: then nobody is asked, and why is said.
    const there = await parts.resolve(environment)
    return gatherPlot({
      alert,
      url: there.prometheusUrl,
      minutes,
      readOwn: async () => {
        const { rules } = await readRuleFiles(parts.handbook)
        return rules.flatMap(rule => (rule.kind === 'alert' && rule.alert === alert ? rule.expr : []))
      },
      now: new Date(),
    })
  }
  app.get('/api/plots', async request => {
    const { person } = demandPerson(request, parts)
    limit(person)
    const environment = demandEnvironment(request, parts)
    const read = wanted.safeParse(request.query)
    if (!read.success) {
      const [issue] = read.error.issues
      throw new Refused(422, 'This request is not complete', `${issue?.path.join('.')}: ${issue?.message}`)
    }
    const { alert, minutes } = read.data
    const key = JSON.stringify([environment, alert, minutes])
    for (const [other, { at }] of kept) if (performance.now() - at > KEPT) kept.delete(other)
    const found = kept.get(key) ?? { plot: gather(environment, alert, Number(minutes)), at: performance.now() }
    kept.set(key, found)
    return found.plot
  })
}
