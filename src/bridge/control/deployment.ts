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

/** What the entry file gives to bridgectl. */
export interface ControlContext {
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  /** Everything that stdin gives. */
  readonly stdin: () => Promise<string>
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  readonly now: () => Date
  /** The operator's name for the audit trail. Throws when the system has no name for the operator. */
  readonly user: () => string
  readonly version: string
  /** The width of tables in characters. */
  readonly columns: number
}

/**
 * Reads the configuration of the named deployment; there is no default deployment. Leaves out the operators' own API key, so that a new one
 * can be made when its file is lost.
 */
export async function openDeployment(
  context: ControlContext,
  args: { readonly config?: string | undefined },
): Promise<Configuration> {
  return (await loadDeployment(context, args, ['bridgectl.apiKey'])).configuration
}

/** Reads the configuration with that key, and the source of each value. Does not read the files of the secrets in `unread`. */
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

/** The configuration files of the deployment. Later files win over earlier ones. */
export function deploymentFiles(
  { environment }: Pick<ControlContext, 'environment'>,
  args: { readonly config?: string | undefined },
): readonly string[] {
  return splitFiles(args.config ?? environment.UPLOAD_BRIDGE_CONFIG)
}

/** Works with the deployment’s database. Throws a clear error when it does not answer. */
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

/** The message of an error. Refused connections to several addresses have no message of their own. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
