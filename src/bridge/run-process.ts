import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import type { Logger } from 'pino'
import { auditFile, listSecretValues, logFile } from './configuration/effective-configuration.ts'
import { LiveConfiguration } from './configuration/live-configuration.ts'
import { ConfigurationError, loadConfiguration, splitFiles } from './configuration/load-configuration.ts'
import { serviceExitCodes } from './exit-codes.ts'
import { answerProfileRequests, type ProfiledProgram } from './profiling/profiling.ts'
import { createAudit, type WriteAudit } from './telemetry/audit.ts'
import { createLog, readVersion } from './telemetry/log.ts'
import { createRedact } from './telemetry/redact.ts'
import { appendLine } from './telemetry/rotating-file.ts'

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

/** Reads the configuration and opens the log and the audit trail. On SIGHUP all three follow the new configuration. */
async function startProcess(
  context: ProcessContext,
  version: string,
  files: readonly string[],
): Promise<ServiceContext> {
  const read = async () => (await loadConfiguration(files, context.environment)).configuration
  const live = new LiveConfiguration(await read(), read)
  const secrets = new Set(listSecretValues(live.current))
  let redact = createRedact([...secrets])
  const origin = { service: context.service, version, environment: live.current.environment }
  const logged = { bytes: 0 }
  const log = createLog(origin, live.current.log.level, {
    redact: line => redact(line),
    write: createLineWriter(context, live, logged, error => log.error({ error }, 'the log file cannot be written')),
  })
  live.onReload(() => {
    // An old secret stays secret after it was replaced.
    for (const secret of listSecretValues(live.current)) secrets.add(secret)
    redact = createRedact([...secrets])
    log.level = live.current.log.level
  })
  context.onReload(() => void reload(live, log))
  const audit = createAudit({
    origin,
    file: () => auditFile(live.current),
    redact: line => redact(line),
    onFailure: error => log.error({ error }, 'the audit trail cannot be written'),
  })
  answerProfileRequests(live.current.state.path, context.program, log, context.stop)
  return { live, version, bundleFolder: context.bundleFolder, log, logged, audit, stop: context.stop }
}

async function reload(live: LiveConfiguration, log: Logger): Promise<void> {
  const result = await live.reload()
  if (!result.successful) {
    log.error({ problems: result.problems }, 'the configuration is wrong; going on with the one before')
    return
  }
  log.info({ 'configuration.changed': result.changed }, 'the configuration was read again')
  if (result.waiting.length === 0) return
  log.warn({ 'configuration.waiting': result.waiting }, 'some changes take effect only with the next start')
}

// The service manager reads stdout. The file is an addition, and a file that cannot be written must not end the process.
function createLineWriter(
  { stdout }: ProcessContext,
  live: LiveConfiguration,
  logged: { bytes: number },
  onFailure: (error: unknown) => void,
) {
  let failing = false
  return (line: string) => {
    logged.bytes += Buffer.byteLength(line) + 1
    stdout.write(`${line}\n`)
    const file = logFile(live.current)
    if (file === undefined) return
    try {
      appendLine(file, line)
      failing = false
    } catch (error) {
      // Reported once, not with every line. It is reported later, because this line is still being written.
      if (!failing) setImmediate(onFailure, error)
      failing = true
    }
  }
}

/** What the entry file gives to a service process. */
interface ProcessContext {
  readonly service: string
  readonly program: ProfiledProgram
  /** Folder of the bundle, where the file VERSION is. */
  readonly bundleFolder: string
  readonly arguments: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly stdout: { write(line: string): void }
  readonly stop: AbortSignal
  /** Calls back on every SIGHUP. */
  readonly onReload: (listener: () => void) => void
}

/** What the API and the worker get when they start. */
export interface ServiceContext {
  readonly live: LiveConfiguration
  readonly version: string
  /** The folder of the release's programs. */
  readonly bundleFolder: string
  readonly log: Logger
  /** How much was logged since the start. */
  readonly logged: { readonly bytes: number }
  readonly audit: WriteAudit
  readonly stop: AbortSignal
}

/** Waits until a signal such as `stop` is aborted. Returns at once when it already is. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** The port that a server listens on; 0 when it does not listen. */
export function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}
