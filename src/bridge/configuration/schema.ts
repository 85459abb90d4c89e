import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { parseByteSize } from './byte-size.ts'
import { parseDuration } from './duration.ts'

const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text)
  if (milliseconds !== undefined) return milliseconds
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 500ms, 30s, 5m, 24h` })
  return z.NEVER
})

const byteSize = z.union([z.number().int().nonnegative(), z.string()]).transform((value, context) => {
  const bytes = typeof value === 'number' ? value : parseByteSize(value)
  if (bytes !== undefined) return bytes
  context.addIssue({ code: 'custom', message: `"${value}" is not a size such as 4MiB, 5GiB or a number of bytes` })
  return z.NEVER
})

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/, 'is not a whole number').transform(Number)])
    .pipe(z.number().int().min(minimum).max(maximum))

const absolutePath = z.string().refine(isAbsolute, 'is not an absolute path')
const url = (protocol: RegExp) => z.url({ protocol, error: `is not a URL with protocol ${protocol.source}` })
const host = z.string().min(1)
const port = wholeNumber(0, 65_535)

/** The whole configuration; the one place where a key is named, described and given its default. */
export const configurationSchema = z.strictObject({
  environment: z.string().min(1).describe('Name of the environment, such as production'),
  api: z
    .strictObject({
      host: host.prefault('127.0.0.1').describe('Address that the API listens on'),
      port: port.describe('Port of the API; 0 takes a free one'),
      drainTimeout: duration.prefault('5s').describe('How long requests in flight may go on after SIGTERM'),
    })
    .describe('The HTTP API'),
  worker: z
    .strictObject({
      host: host.prefault('127.0.0.1').describe('Address of the worker’s health and metrics'),
      port: port.describe('Port of the worker’s health and metrics; 0 takes a free one'),
      concurrency: wholeNumber(1, 100).prefault(4).describe('Deliveries at the same time'),
    })
    .describe('The delivery worker'),
  database: z
    .strictObject({
      url: url(/^postgres(ql)?$/).describe('PostgreSQL connection URL; a secret'),
      connectionTimeout: duration.prefault('2s').describe('Longest wait for a connection'),
      statementTimeout: duration.prefault('5s').describe('Longest time that a statement may take'),
      poolSize: wholeNumber(4, 1000).prefault(10).describe('Connections that a process may open'),
    })
    .describe('PostgreSQL, which holds metadata and the delivery queue'),
  storage: z
    .strictObject({
      path: absolutePath.describe('Folder on the storage volume that holds the bytes'),
      reserve: byteSize.prefault('4MiB').describe('Free space that new uploads must leave'),
      maxUploadSize: byteSize.prefault('5GiB').describe('Largest upload'),
      retainDelivered: duration.prefault('1h').describe('How long the bytes of a delivered upload stay'),
    })
    .describe('The storage volume'),
  state: z
    .strictObject({ path: absolutePath.describe('Folder of small files, not on the storage volume') })
    .describe('Operators’ switches'),
  downstream: z
    .strictObject({
      url: url(/^https?$/).describe('Where every upload is delivered to'),
      timeout: duration.prefault('10s').describe('Longest time without progress in one delivery attempt'),
      retry: z
        .strictObject({
          initial: duration.prefault('1s').describe('Wait after the first failed attempt'),
          max: duration.prefault('5m').describe('Longest wait between attempts'),
        })
        .prefault({})
        .describe('Exponential backoff'),
    })
    .describe('The destination of deliveries'),
  releases: z
    .strictObject({ path: absolutePath.describe('Folder of releases by version, with the link `current`') })
    .describe('Installed releases'),
  log: z
    .strictObject({
      level: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
        .prefault('info')
        .describe('Lowest level logged'),
    })
    .prefault({})
    .describe('Logging, as JSON on stdout'),
})

/** A validated configuration: durations in milliseconds, sizes in bytes. */
export type Configuration = z.infer<typeof configurationSchema>
