import { demandScanner } from '../../kit/demand-scanner.ts'
import type { Fault } from '../../kit/fault.ts'
import { findFrozen, freeze, thaw } from '../../kit/stopped-service.ts'

/** The malware scanner takes connections, and answers nobody. */
export const scannerFrozen: Fault = {
  name: 'scanner-frozen',
  title: 'The malware scanner hangs',
  summary: 'clamd is frozen by SIGSTOP: it takes connections and never answers, and nothing unscanned is acknowledged',
  async start(deployment) {
    demandScanner(deployment)
    await freeze(deployment, 'scanner')
  },
  async stop(deployment) {
    if (deployment.scanner) await thaw(deployment, 'scanner')
  },
  isActive: deployment => findFrozen(deployment, 'scanner') !== undefined,
}
