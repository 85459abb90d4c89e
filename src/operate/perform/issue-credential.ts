import type { Environment } from '../../environments/index.ts'
import type { CredentialAsk } from '../../runner/index.ts'
import { readSecrets } from '../open/read-secrets.ts'
import type { Ports } from '../ports.ts'

/**
 * Has the environment's own command issue a credential for one step. The command hears by variables what it is for. What it says last on stderr
 * when it refuses is the reason. Throws a `UsageError` when it gives none.
 */
export async function issueCredential(
  ask: CredentialAsk,
  environment: Environment,
  { env, folder, signal }: { readonly env: Ports['env']; readonly folder: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const { secret } = ask
  const command = environment.secrets[secret]?.issue
  if (command === undefined) return undefined
  const secrets = { [secret]: { command, for: 'change' as const } }
  const told = { env: { ...env, ...describe(ask) }, folder, signal, hearsWhy: true }
  return (await readSecrets({ ...environment, secrets }, told))[secret]
}

/** Variables that a request without an approval does not have are empty: nothing of the caller's own takes their place. */
function describe(ask: CredentialAsk): Record<string, string> {
  return {
    HANDBOOK_SECRET: ask.secret,
    HANDBOOK_PERSON: ask.person,
    HANDBOOK_ACCOUNT: ask.account,
    HANDBOOK_RUN: ask.run,
    HANDBOOK_PAGE: ask.page,
    HANDBOOK_STEP: ask.step,
    HANDBOOK_BLOCK: ask.block,
    HANDBOOK_ENVIRONMENT: ask.environment,
    HANDBOOK_SECONDS: String(ask.seconds),
    HANDBOOK_REQUEST: ask.approval?.text ?? '',
    HANDBOOK_SIGNATURE: ask.approval?.signature ?? '',
  }
}
