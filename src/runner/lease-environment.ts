import type { Claim } from '../journal/index.ts'
import type { Run } from './run.ts'

/**
 * Makes sure that no other run changes anything by this procedure in this environment. Says who does, if somebody does or may. A lease
 * that cannot be written keeps nobody from a repair: it is warned of.
 */
export async function leaseEnvironment(run: Run): Promise<string | undefined> {
  const { request, ports } = run
  const { leases, writer } = ports
  if (leases === undefined) return undefined
  if (run.lease) return (await run.lease.isHeld()) ? undefined : LOST
  const subject = { procedure: request.procedure.id, environment: request.environment.name }
  const timer = setTimeout(() => void run.emit({ type: 'run.warned', message: WATCHING }), SLOW)
  try {
    const holder = { ...request.by, run: writer.run, since: new Date().toISOString() }
    const claim = await leases.lease(subject, holder).finally(() => clearTimeout(timer))
    if (!claim.held) return describeObstacle(claim)
    run.lease = claim.lease
    if (claim.after && claim.after.run !== writer.run)
      await run.emit({
        type: 'run.warned',
        message: `took over from run ${claim.after.run}, because its runner has ended`,
      })
  } catch (error) {
    run.lease = { isHeld: async () => true, release: async () => undefined }
    const why = error instanceof Error ? error.message : String(error)
    await run.emit({ type: 'run.warned', message: `no lock stops others from changing the same: ${why}` })
  }
  return undefined
}

/** Milliseconds after which it is told what the run waits for. */
const SLOW = 2000

const WATCHING = 'another run has the lock: this run watches whether that run, on another machine, still renews it'

const LOST =
  'this run lost its lock to another run, because it did not renew it for too long. Before you change anything, see what the other run did: handbook runs list'

function describeObstacle(claim: Extract<Claim, { held: false }>): string {
  if (claim.state === 'damaged')
    return `somebody may be changing this already: the lock is damaged, ${claim.problem}. ${claim.look}`
  const { user, host, pid, run, since } = claim.holder
  const does = claim.state === 'alive' ? 'is' : 'may be'
  const who = `${user}@${host} ${does} changing this already: run ${run}, process ${pid}, since ${since.slice(0, 16)}Z`
  return `${who}. ${claim.look}`
}
