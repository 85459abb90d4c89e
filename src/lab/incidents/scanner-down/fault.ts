import { demandScanner } from '../../kit/demand-scanner.ts'
import type { Fault } from '../../kit/fault.ts'
import { killService } from '../../kit/stopped-service.ts'

/** The malware scanner is gone, and nothing starts it again. */
export const scannerDown: Fault = {
  name: 'scanner-down',
  title: 'The malware scanner is down',
  summary: 'clamd is killed, as by a kernel that is out of memory, and stays dead: nothing unscanned is acknowledged',
  async start(deployment) {
    demandScanner(deployment)
    await killService(deployment, 'scanner')
  },
  async stop(deployment) {
    if (deployment.scanner) await deployment.start('scanner')
  },
  isActive: ({ scanner, pid }) => scanner !== undefined && pid('scanner') === undefined,
}
