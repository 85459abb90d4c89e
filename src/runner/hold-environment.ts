import { join } from 'node:path'
import { claimLock, type Holder } from './claim-lock.ts'
import type { Run } from './run.ts'

/** The lock that one run has on a procedure in an environment. */
export interface Hold {
  release(): void
}

/**
 * Makes sure that no other run changes anything by this procedure in this environment. Says who does, if somebody does. A lock that
 * cannot be written keeps nobody from a repair: it is warned of.
 */
export function holdEnvironment(run: Run): string | undefined {
  const { request, ports, emit } = run
  const { locks, ledger } = ports
  if (run.hold || locks === undefined) return undefined
  const name = `${encodeURIComponent(request.procedure.id)}@${request.environment.name}`
  try {
    const claim = claimLock(join(locks, name), { ...request.by, run: ledger.run, since: new Date().toISOString() })
    if (!claim.held) return describeHolder(claim.holder, claim.file)
    run.hold = claim
    if (claim.after && claim.after.run !== ledger.run)
      emit({ type: 'run.warned', message: `took over from run ${claim.after.run}, whose runner is gone` })
  } catch (error) {
    run.hold = { release() {} }
    const why = error instanceof Error ? error.message : String(error)
    emit({ type: 'run.warned', message: `no lock keeps others from changing the same: ${why}` })
  }
  return undefined
}

function describeHolder({ user, host, pid, run, since }: Holder, file: string): string {
  const who = `${user}@${host} is changing this already: run ${run}, process ${pid}, since ${since.slice(0, 16)}Z`
  return `${who}. To see whether that still runs, on ${host}: ps -p ${pid}; to stop it there: handbook runs cancel ${run}. The lock is ${file}`
}
