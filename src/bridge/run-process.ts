import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { ConfigurationError } from './configuration/configuration-error.ts'
import { loadConfiguration } from './configuration/load-configuration.ts'
import type { Configuration } from './configuration/schema.ts'
import { createLog } from './telemetry/log.ts'
import { readVersion } from './telemetry/version.ts'

/** What a service process is given by its entry. */
export interface ProcessContext {
  readonly service: string
  /** Folder of the bundle, where the file VERSION is. */
  readonly bundleFolder: string
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: { write(line: string): void }
  readonly stop: AbortSignal
}

type Run = (configuration: Configuration, version: string, log: Logger, stop: AbortSignal) => Promise<void>

/** Runs a service process from its arguments to its exit code: 0 stopped, 1 failed, 2 wrong usage, 78 wrong configuration. */
export async function runProcess(context: ProcessContext, run: Run): Promise<number> {
  const version = readVersion(context.bundleFolder)
  const earlyLog = createLog(
    { service: context.service, version, environment: 'unknown', level: 'info' },
    context.stdout,
  )
  const file = configurationFile(context.arguments)
  if (file === undefined) {
    earlyLog.fatal('usage: --config FILE')
    return 2
  }
  try {
    const configuration = await loadConfiguration(file, context.environment)
    const { environment, log } = configuration
    await run(
      configuration,
      version,
      createLog({ service: context.service, version, environment, level: log.level }, context.stdout),
      context.stop,
    )
    return 0
  } catch (error) {
    const isConfiguration = error instanceof ConfigurationError
    earlyLog.fatal(isConfiguration ? { problems: error.problems } : { error }, String(error))
    return isConfiguration ? error.exitCode : 1
  }
}

function configurationFile(args: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values.config
  } catch {
    return undefined
  }
}
