import type { FastifyInstance } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import { readProofs } from '../handbook/index.ts'
import { findAwaited, type RecordedRun } from '../journal/index.ts'
import { demandToken } from './entrance/demand-token.ts'
import type { ServerParts } from './server-parts.ts'

/** Metrics for Prometheus, and a sign of life for whoever watches over the process. */
export function addMetrics(app: FastifyInstance, parts: ServerParts): void {
  app.get('/healthz', async (_, reply) => reply.type('text/plain').send('ok\n'))
  app.get('/metrics', async (request, reply) => {
    demandToken(request, parts.options.tokens.metrics, 'Start it with --metrics-token-file FILE')
    const { contentType, text } = await measure(parts)
    return reply.type(contentType).send(text)
  })
}

async function measure({ store, handbook, streams }: ServerParts): Promise<{ contentType: string; text: string }> {
  const registry = new Registry()
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `handbook_${name}`, help, labelNames, registers: [registry] })
  const outcomes = gauge('runs', 'Runs on record, by how they ended', 'environment', 'outcome')
  const { runs } = await store.list()
  for (const { environment, outcome } of runs) outcomes.inc({ environment, outcome: outcome ?? 'running' })
  const awaited = gauge('approvals_awaited', 'Runs under way that wait for the approval of a second person')
  const waits = await Promise.all(runs.filter(({ running }) => running).map(run => awaitsApproval(run, store)))
  awaited.set(waits.filter(Boolean).length)
  const { proofs } = await readProofs(handbook)
  const drills = gauge('drills', 'Drills on record, by whether they proved their page', 'proven')
  for (const proven of ['true', 'false']) drills.set({ proven }, 0)
  const ages = gauge('drill_age_seconds', 'Seconds since a drill was recorded', 'drill', 'proven')
  for (const { id, proven, date } of proofs) {
    drills.inc({ proven: String(proven) })
    ages.set({ drill: id, proven: String(proven) }, Math.round((Date.now() - Date.parse(date)) / 1000))
  }
  gauge('streams_open', 'Event streams that browsers hold open').set(streams.count())
  return { contentType: registry.contentType, text: await registry.metrics() }
}

async function awaitsApproval({ id }: RecordedRun, store: ServerParts['store']): Promise<boolean> {
  return findAwaited((await store.read(id))?.events ?? []) !== undefined
}
