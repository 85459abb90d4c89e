import type { HealthCheck } from './health.ts'

/** Milliseconds that a check may take: whoever asks wants an answer within a second, also while something hangs. */
export const checkPatience = 700

/** Gives a check so much time, and says how it failed; one that finds nothing to say has passed. */
export async function runCheck(
  onFailure: 'warn' | 'fail',
  look: () => Promise<HealthCheck | undefined>,
): Promise<HealthCheck> {
  const late = new Promise<HealthCheck>(resolve => {
    setTimeout(resolve, checkPatience, { status: onFailure, output: `no answer within ${checkPatience} ms` }).unref()
  })
  const looked = look().then(
    (found): HealthCheck => found ?? { status: 'pass' },
    (error): HealthCheck => ({ status: onFailure, output: error instanceof Error ? error.message : String(error) }),
  )
  return Promise.race([looked, late])
}
