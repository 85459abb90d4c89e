import { type DestinationStream, type Logger, pino } from 'pino'

/** What every line says about its origin. */
export interface LogOrigin {
  readonly service: string
  readonly version: string
  readonly environment: string
  readonly level: string
}

/** Makes the logger: one JSON object a line, with the field names of the Elastic Common Schema. */
export function createLog(origin: LogOrigin, destination: DestinationStream): Logger {
  return pino(
    {
      level: origin.level,
      messageKey: 'message',
      errorKey: 'error',
      base: {
        'service.name': origin.service,
        'service.version': origin.version,
        'service.environment': origin.environment,
      },
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: label => ({ 'log.level': label }) },
      redact: { paths: ['*.authorization', '*.cookie', '*.password', '*.connectionString'], censor: '[redacted]' },
    },
    destination,
  )
}
