import type { Logger } from 'pino'
import { auditFile, logFile } from './configuration/files.ts'
import { LiveConfiguration } from './configuration/live-configuration.ts'
import { loadConfiguration } from './configuration/load-configuration.ts'
import { listSecretValues } from './configuration/secret-values.ts'
import { answerProfileRequests } from './profiling/answer-profile-requests.ts'
import type { ProcessContext, ServiceContext } from './service-context.ts'
import { createAudit } from './telemetry/audit.ts'
import { createLog } from './telemetry/log.ts'
import { createRedact } from './telemetry/redact.ts'
import { appendLine } from './telemetry/rotating-file.ts'

/** Reads the configuration, opens log and audit trail, and keeps all three in step with it on SIGHUP. */
export async function startProcess(
  context: ProcessContext,
  version: string,
  files: readonly string[],
): Promise<ServiceContext> {
  const read = async () => (await loadConfiguration(files, context.environment)).configuration
  const live = new LiveConfiguration(await read(), read)
  const secrets = new Set(listSecretValues(live.current))
  let redact = createRedact([...secrets])
  const origin = { service: context.service, version, environment: live.current.environment }
  const log = createLog(origin, live.current.log.level, {
    redact: line => redact(line),
    write: createLineWriter(context, live, error => log.error({ error }, 'the log file cannot be written')),
  })
  live.onReload(() => {
    // Those replaced stay secret.
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
  return { live, version, log, audit, stop: context.stop }
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

// What runs the process reads stdout; the file is there for those who have nothing better, and must not end the process.
function createLineWriter({ stdout }: ProcessContext, live: LiveConfiguration, onFailure: (error: unknown) => void) {
  let failing = false
  return (line: string) => {
    stdout.write(`${line}\n`)
    const file = logFile(live.current)
    if (file === undefined) return
    try {
      appendLine(file, line)
      failing = false
    } catch (error) {
      // Said once, not with every line; later, for this is in the middle of one.
      if (!failing) setImmediate(onFailure, error)
      failing = true
    }
  }
}
