import { auditFile, listSecretValues } from '../configuration/effective-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'
import { isUploadId } from '../storage/layout.ts'
import { type Account, findServiceAccount, makeFolder } from '../storage/ownership.ts'
import { createAudit, type WriteAudit } from '../telemetry/audit.ts'
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
  args: AuditedArguments,
  run: () => Promise<void>,
): Promise<void> {
  const configuration = await openDeployment(context, args)
  // Whatever the command puts there, the service has to find it.
  const account = accountOf(configuration)
  if (account !== undefined) makeFolder(configuration.state.path, 0o777, account)
  const audit = openAudit(context, configuration)
  const event = { action, ...subjectOf(action, args) }
  try {
    await run()
  } catch (error) {
    audit({ ...event, outcome: 'failure', message: `bridgectl ${context.arguments.join(' ')}: ${messageOf(error)}` })
    throw error
  }
  audit({ ...event, outcome: 'success', message: `bridgectl ${context.arguments.join(' ')}` })
}

/** What is read of a command's arguments. */
interface AuditedArguments {
  readonly config?: string | undefined
  readonly id?: unknown
  readonly reason?: unknown
}

/** Opens the audit trail of a deployment, for what an operator does there. */
export function openAudit(context: ControlContext, configuration: Configuration): WriteAudit {
  const audit = createAudit({
    origin: { service: 'bridgectl', version: context.version, environment: configuration.environment },
    file: () => ({ ...auditFile(configuration), isOthers: true, account: accountOf(configuration) }),
    redact: createRedact(listSecretValues(configuration)),
    onFailure: error => context.stderr(`bridgectl: the audit trail cannot be written: ${messageOf(error)}\n`),
  })
  const user = userOf(context)
  return event => audit({ user, ...event })
}

function accountOf({ state, storage }: Configuration): Account | undefined {
  return findServiceAccount([state.path, storage.path])
}

function subjectOf(action: string, { id, reason }: AuditedArguments) {
  const isKey = action.startsWith('keys ')
  return {
    reason: typeof reason === 'string' ? reason : undefined,
    keyId: isKey && typeof id === 'string' ? id : undefined,
    uploadId: !isKey && typeof id === 'string' && isUploadId(id) ? id : undefined,
  }
}

function userOf({ user }: ControlContext): string {
  try {
    return user()
  } catch {
    return 'unknown'
  }
}
