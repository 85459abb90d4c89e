import type { FastifyInstance } from 'fastify'
import { readAdmission } from '../../admission/admission.ts'
import { isGood } from '../../auth/keys-file.ts'
import { pingClamd } from '../../content/check-malware.ts'
import { readSpace } from '../../storage/layout.ts'
import {
  checkPatience,
  connectTo,
  type HealthCheck,
  healthMediaType,
  healthStatusCode,
  reportHealth,
  runCheck,
} from '../../telemetry/health.ts'
import type { ApiParts } from '../api-parts.ts'

/** `GET /readyz`: whether to send requests here. 503 when a check fails or the process shuts down. */
export function getReadyz(app: FastifyInstance, parts: ApiParts): void {
  app.get('/readyz', async (_request, reply) => {
    const report = reportHealth(shownVersion(parts), {
      ...(await checkDependencies(parts)),
      ...(parts.drain.hasBegun ? { shutdown: { status: 'fail', output: 'draining' } as const } : {}),
    })
    reply.code(healthStatusCode(report)).header('Content-Type', healthMediaType)
    if (report.status === 'fail') reply.header('Retry-After', 5)
    return reply.send(JSON.stringify(report))
  })
}

/** `GET /livez`: the process runs. Dependencies do not matter. */
export function getLivez(app: FastifyInstance, parts: ApiParts): void {
  app.get('/livez', async (_request, reply) => {
    reply.header('Content-Type', healthMediaType)
    return reply.send(JSON.stringify(reportHealth(shownVersion(parts), {})))
  })
}

/** The release, if everybody may know it. */
function shownVersion({ configuration, version }: ApiParts): string | undefined {
  return configuration.api.showVersion ? version : undefined
}

/** Checks everything that the API depends on, all at the same time. */
async function checkDependencies(parts: ApiParts): Promise<Record<string, HealthCheck>> {
  const { storage, state, downstream, scan, auth } = parts.configuration
  const { address } = scan
  const checks: Record<string, Promise<HealthCheck>> = {
    database: runCheck('fail', () => checkDatabase(parts)),
    storage: runCheck('fail', () => checkStorage(storage)),
    ...(auth.required ? { keys: runCheck('fail', () => checkKeys(parts)) } : {}),
    admission: runCheck('warn', () => checkAdmission(state.path)),
    // While downstream is away, uploads are acknowledged and wait. So the process stays in rotation.
    downstream: runCheck('warn', () => connectTo(downstream.url, checkPatience)),
    ...(address === undefined ? {} : { scanner: runCheck('warn', () => pingClamd(address, checkPatience)) }),
  }
  const names = Object.keys(checks)
  const results = await Promise.all(Object.values(checks))
  return Object.fromEntries(results.map((result, index) => [names[index] ?? '', result]))
}

async function checkDatabase({ monitor }: ApiParts): Promise<HealthCheck> {
  return monitor.isUp ? { status: 'pass' } : { status: 'fail', output: 'the database does not answer' }
}

// With a full volume the process still serves requests and finishes uploads. So it stays in rotation.
async function checkStorage({ path, reserve }: { path: string; reserve: number }): Promise<HealthCheck> {
  const { available } = await readSpace(path)
  if (available >= reserve) return { status: 'pass' }
  return { status: 'warn', output: `${available} bytes are free, fewer than the reserve of ${reserve}` }
}

// Without a valid key everybody is refused: a new deployment has no key yet, or an old one has lost its keys.
async function checkKeys({ knownKeys, log }: ApiParts): Promise<HealthCheck> {
  try {
    const isOpen = (await knownKeys()).some(key => isGood(key, new Date()))
    return isOpen ? { status: 'pass' } : { status: 'warn', output: 'no API key is good' }
  } catch (error) {
    log.error({ error }, 'the API keys cannot be read')
    return { status: 'fail', output: 'the API keys cannot be read' }
  }
}

async function checkAdmission(statePath: string): Promise<HealthCheck> {
  const admission = await readAdmission(statePath)
  return admission.open ? { status: 'pass' } : { status: 'warn', output: `closed: ${admission.reason}` }
}
