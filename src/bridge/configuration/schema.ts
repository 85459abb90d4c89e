import { z } from 'zod'
import { value } from './value-types.ts'

/** The whole configuration; the one place where a key is named, described and given its default. */
export const configurationSchema = z.strictObject({
  environment: value.text()('Name of the environment, such as production'),
  api: z.strictObject({
    host: value.textOr('127.0.0.1')('Address that the API listens on'),
    port: value.port()('Port of the API; 0 takes a free one'),
    drainTimeout: value.duration('5s')('How long requests in flight may go on after SIGTERM', { reload: true }),
  }),
  worker: z.strictObject({
    host: value.textOr('127.0.0.1')('Address of the worker’s health and metrics'),
    port: value.port()('Port of the worker’s health and metrics; 0 takes a free one'),
    concurrency: value.wholeNumber(1, 100, 4)('Deliveries at the same time', { reload: true }),
  }),
  database: z.strictObject({
    url: value.url(/^postgres(ql)?$/)('PostgreSQL connection URL', { secret: true }),
    connectionTimeout: value.duration('2s')('Longest wait for a connection'),
    statementTimeout: value.duration('5s')('Longest time that a statement may take'),
    poolSize: value.wholeNumber(4, 1000, 10)('Connections that a process may open'),
  }),
  storage: z.strictObject({
    path: value.absolutePath()('Folder on the storage volume that holds the bytes'),
    reserve: value.byteSize('4MiB')('Free space that new uploads must leave', { reload: true }),
    maxUploadSize: value.byteSize('5GiB')('Largest upload', { reload: true }),
    retainDelivered: value.duration('1h')('How long the bytes of a delivered upload stay', { reload: true }),
  }),
  state: z.strictObject({ path: value.absolutePath()('Folder of small files, not on the storage volume') }),
  downstream: z.strictObject({
    url: value.url(/^https?$/)('Where every upload is delivered to', { reload: true }),
    token: value.optionalText()('Sent downstream as `Authorization: Bearer`', { secret: true, reload: true }),
    timeout: value.duration('10s')('Longest time without progress in one delivery attempt', { reload: true }),
    retry: z
      .strictObject({
        initial: value.duration('1s')('Wait after the first failed attempt', { reload: true }),
        max: value.duration('5m')('Longest wait between attempts', { reload: true }),
      })
      .prefault({}),
  }),
  releases: z.strictObject({
    path: value.absolutePath()('Folder of releases by version, with the link `current`'),
  }),
  log: z
    .strictObject({
      level: value.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], 'info')('Lowest level logged', {
        reload: true,
      }),
      file: value.optionalPath()('File that gets every line of stdout as well; none unless set', { reload: true }),
      maxSize: value.byteSize('50MiB')('Size at which that file is rotated', { reload: true }),
      keep: value.wholeNumber(1, 1000, 5)('Rotated files that are kept', { reload: true }),
    })
    .prefault({}),
  audit: z
    .strictObject({
      path: value.optionalPath()('File of the audit trail; `audit.ndjson` in `state.path` unless set'),
      maxSize: value.byteSize('10MiB')('Size at which it is rotated', { reload: true }),
      keep: value.wholeNumber(1, 1000, 20)('Rotated files that are kept', { reload: true }),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      rotatedAt: value.optionalTime()('When the secrets were last replaced; shown as a metric', { reload: true }),
    })
    .prefault({}),
})

/** A validated configuration: durations in milliseconds, sizes in bytes. */
export type Configuration = z.infer<typeof configurationSchema>
