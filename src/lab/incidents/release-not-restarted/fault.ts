import type { Deployment, Fault } from '../../kit/fault.ts'
import { badDeployment } from '../bad-deployment/fault.ts'

/** The API that still runs the bad release in each lab, by its folder of notes. */
const running = new Map<string, number>()

/** Somebody went back from a bad release in haste: the link leads to the release before, and the processes still run the bad one. */
export const releaseNotRestarted: Fault = {
  name: 'release-not-restarted',
  title: 'A bad release still runs after somebody went back',
  summary:
    'A new release answers many uploads with 500; somebody activated the release before it, and did not restart the API and the worker',
  async start(deployment) {
    await badDeployment.start(deployment)
    await deployment.bridgectl('releases', 'activate', 'previous')
    const pid = deployment.pid('api')
    if (pid !== undefined) running.set(deployment.notesPath, pid)
  },
  async stop(deployment) {
    if (releaseNotRestarted.isActive(deployment))
      await Promise.all([deployment.restart('api'), deployment.restart('worker')])
    running.delete(deployment.notesPath)
    await badDeployment.stop(deployment)
  },
  isActive: (deployment: Deployment) => {
    const pid = running.get(deployment.notesPath)
    return pid !== undefined && deployment.pid('api') === pid
  },
}
