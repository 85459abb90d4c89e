import { readAdmission } from '../admission/admission.ts'
import { pingClamd } from '../content/ask-clamd.ts'
import { readSpace } from '../storage/space.ts'
import { connectTo } from '../telemetry/connect-to.ts'
import type { HealthCheck } from '../telemetry/health.ts'
import type { Service } from './service.ts'

/** Milliseconds that a check may take: whoever asks wants an answer within a second, also while something hangs. */
const patience = 700

/** Looks at everything that the API depends on, all at the same time. */
export async function checkDependencies(service: Service): Promise<Record<string, HealthCheck>> {
  const { storage, state, downstream, scan } = service.configuration
  const { address } = scan
  const checks: Record<string, Promise<HealthCheck>> = {
    database: check('fail', () => checkDatabase(service)),
    storage: check('fail', () => checkStorage(storage)),
    admission: check('warn', () => checkAdmission(state.path)),
    // Uploads are acknowledged and wait while it is away: no reason to take the process out of rotation.
    downstream: check('warn', () => connectTo(downstream.url, patience)),
    ...(address === undefined ? {} : { scanner: check('warn', () => pingClamd(address, patience)) }),
  }
  const names = Object.keys(checks)
  const results = await Promise.all(Object.values(checks))
  return Object.fromEntries(results.map((result, index) => [names[index] ?? '', result]))
}

/** Gives a check so much time, and says how it failed. */
async function check(onFailure: 'warn' | 'fail', look: () => Promise<HealthCheck | undefined>): Promise<HealthCheck> {
  const late = new Promise<HealthCheck>(resolve => {
    setTimeout(() => resolve({ status: onFailure, output: `no answer within ${patience} ms` }), patience).unref()
  })
  const looked = look().then(
    (found): HealthCheck => found ?? { status: 'pass' },
    (error): HealthCheck => ({ status: onFailure, output: error instanceof Error ? error.message : String(error) }),
  )
  return Promise.race([looked, late])
}

async function checkDatabase({ monitor }: Service): Promise<HealthCheck> {
  return monitor.isUp ? { status: 'pass' } : { status: 'fail', output: 'the database does not answer' }
}

// A full volume still serves and finishes what has begun, so it is no reason to take the process out of rotation.
async function checkStorage({ path, reserve }: { path: string; reserve: number }): Promise<HealthCheck> {
  const { available } = await readSpace(path)
  if (available >= reserve) return { status: 'pass' }
  return { status: 'warn', output: `${available} bytes are free, fewer than the reserve of ${reserve}` }
}

async function checkAdmission(statePath: string): Promise<HealthCheck> {
  const admission = await readAdmission(statePath)
  return admission.open ? { status: 'pass' } : { status: 'warn', output: `closed: ${admission.reason}` }
}
