import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { ConfigurationError } from './configuration/configuration-error.ts'
import { splitFiles } from './configuration/split-files.ts'
import { serviceExitCodes } from './exit-codes.ts'
import type { ProcessContext, ServiceContext } from './service-context.ts'
import { startProcess } from './start-process.ts'
import { createLog } from './telemetry/log.ts'
import { createRedact } from './telemetry/redact.ts'
import { readVersion } from './telemetry/version.ts'

/** Runs a service process from its arguments to one of `serviceExitCodes`. */
export async function runProcess(
  context: ProcessContext,
  run: (service: ServiceContext) => Promise<void>,
): Promise<number> {
  const version = readVersion(context.bundleFolder)
  const earlyLog = createEarlyLog(context, version)
  const files = configurationFiles(context)
  if (files.length === 0) {
    earlyLog.fatal('usage: --config FILE, more than once to lay one over the other; or UPLOAD_BRIDGE_CONFIG')
    return serviceExitCodes.usage.code
  }
  try {
    await run(await startProcess(context, version, files))
    return serviceExitCodes.stopped.code
  } catch (error) {
    const isConfiguration = error instanceof ConfigurationError
    earlyLog.fatal(isConfiguration ? { problems: error.problems } : { error }, String(error))
    return isConfiguration ? serviceExitCodes.configuration.code : serviceExitCodes.failed.code
  }
}

function createEarlyLog({ service, stdout }: ProcessContext, version: string): Logger {
  const destination = { redact: createRedact([]), write: (line: string) => stdout.write(`${line}\n`) }
  return createLog({ service, version, environment: 'unknown' }, 'info', destination)
}

function configurationFiles({ arguments: args, environment }: ProcessContext): readonly string[] {
  try {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string', multiple: true } } })
    return values.config ?? splitFiles(environment.UPLOAD_BRIDGE_CONFIG)
  } catch {
    return []
  }
}
