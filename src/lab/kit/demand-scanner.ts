import { LabError } from '../../lab-port/index.ts'
import type { Deployment, Scanner } from './fault.ts'

/** The scanner of the lab. Throws a `LabError` that says how to get one when it has none. */
export function demandScanner({ scanner }: Deployment): Scanner {
  if (scanner) return scanner
  throw new LabError(
    'cannot-break',
    'this lab has no malware scanner: a lab as shipped has one, and npm run setup installs it (clamav-daemon)',
  )
}
