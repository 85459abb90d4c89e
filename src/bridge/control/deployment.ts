import type { Pool } from 'pg'
import { pino } from 'pino'
import {
  ConfigurationError,
  type LoadedConfiguration,
  loadConfiguration,
  splitFiles,
} from '../configuration/load-configuration.ts'
import type { Configuration } from '../configuration/schema.ts'
import { createPool } from '../database/pool.ts'
import { ControlError, failure, wrongUsage } from './control-error.ts'

/** What bridgectl is given by its entry. */
export interface ControlContext {
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly now: () => Date
  /** The operator, for the audit trail; throws where the system has no name for them. */
  readonly user: () => string
  readonly version: string
  /** How wide tables may be. */
  readonly columns: number
}

/**
 * Reads the configuration of the deployment that is named; there is no default deployment. The operators' own API key is left out: a
 * new one can be made when its file is lost.
 */
export async function openDeployment(
  context: ControlContext,
  args: { readonly config?: string | undefined },
): Promise<Configuration> {
  return (await loadDeployment(context, args, ['bridgectl.apiKey'])).configuration
}

/** The same, with that key, and with where each value came from; the files of the secrets in `unread` are not read. */
export async function loadDeployment(
  context: ControlContext,
  args: { readonly config?: string | undefined },
  unread: readonly string[] = [],
): Promise<LoadedConfiguration> {
  const files = deploymentFiles(context, args)
  if (files.length === 0) {
    throw wrongUsage('which deployment? Name it with --config FILE or UPLOAD_BRIDGE_CONFIG; bridgectl does not guess')
  }
  try {
    return await loadConfiguration(files, context.environment, unread)
  } catch (error) {
    if (error instanceof ConfigurationError) throw wrongUsage(error.message)
    throw error
  }
}

/** The configuration files that name the deployment, the later over the earlier. */
export function deploymentFiles(
  { environment }: Pick<ControlContext, 'environment'>,
  args: { readonly config?: string | undefined },
): readonly string[] {
  return splitFiles(args.config ?? environment.UPLOAD_BRIDGE_CONFIG)
}

/** Works with the deployment’s database, and says plainly when it does not answer. */
export async function withDatabase<Result>(
  configuration: Configuration,
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const pool = createPool({ ...configuration.database, poolSize: 4 }, 'bridgectl', pino({ level: 'silent' }))
  try {
    return await work(pool)
  } catch (cause) {
    if (cause instanceof ControlError) throw cause
    throw failure(`the database: ${messageOf(cause)}`, { cause })
  } finally {
    await pool.end()
  }
}

/** What an error says; refused connections to several addresses come without a message of their own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
