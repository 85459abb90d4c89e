import { identify, isFrozen, signalProcess } from '../../../base/index.ts'
import type { Deployment, Fault } from '../../kit/fault.ts'
import { LabError } from '../../lab-error.ts'
import { waitUntil } from '../../processes/wait-until.ts'

/** The downstream takes connections and never answers. */
export const downstreamHanging: Fault = {
  name: 'downstream-hanging',
  title: 'The downstream hangs',
  summary: 'The downstream is frozen by SIGSTOP: it takes connections and never answers',
  async start(deployment) {
    const pid = deployment.pid('downstream')
    const identity = pid === undefined ? undefined : identify(pid)
    if (!identity) throw new LabError('cannot-break', 'the downstream does not run, so it cannot hang')
    signalProcess(identity, 'SIGSTOP')
    if (await waitUntil(() => isFrozen(identity.pid), { timeout: 5000, signal: deployment.signal })) return
    throw new LabError('cannot-break', 'the downstream does not freeze')
  },
  /** A downstream that was restarted since is another process, and not frozen. */
  async stop(deployment) {
    const pid = frozen(deployment)
    const identity = pid === undefined ? undefined : identify(pid)
    if (identity) signalProcess(identity, 'SIGCONT')
    await deployment.start('downstream')
  },
  isActive: deployment => frozen(deployment) !== undefined,
}

function frozen(deployment: Deployment): number | undefined {
  const pid = deployment.pid('downstream')
  return pid !== undefined && isFrozen(pid) ? pid : undefined
}
