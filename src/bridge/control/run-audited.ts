import { auditFile } from '../configuration/files.ts'
import { listSecretValues } from '../configuration/secret-values.ts'
import { createAudit } from '../telemetry/audit.ts'
import { createRedact } from '../telemetry/redact.ts'
import type { ControlContext } from './context.ts'
import { messageOf, openDeployment } from './deployment.ts'

/**
 * Runs a command that changes something, and writes who ran it, with what and how it ended to the audit trail. A trail that
 * cannot be written is said on stderr and keeps nobody from repairing a service whose disk is full.
 */
export async function runAudited(
  context: ControlContext,
  action: string,
  args: { readonly config?: string | undefined },
  run: () => Promise<void>,
): Promise<void> {
  const configuration = await openDeployment(context, args)
  const audit = createAudit({
    origin: { service: 'bridgectl', version: context.version, environment: configuration.environment },
    file: () => ({ ...auditFile(configuration), isOthers: true }),
    redact: createRedact(listSecretValues(configuration)),
    onFailure: error => context.stderr(`bridgectl: the audit trail cannot be written: ${messageOf(error)}\n`),
  })
  const event = { action, user: userOf(context) }
  try {
    await run()
  } catch (error) {
    audit({ ...event, outcome: 'failure', message: `bridgectl ${context.arguments.join(' ')}: ${messageOf(error)}` })
    throw error
  }
  audit({ ...event, outcome: 'success', message: `bridgectl ${context.arguments.join(' ')}` })
}

function userOf({ user }: ControlContext): string {
  try {
    return user()
  } catch {
    return 'unknown'
  }
}
