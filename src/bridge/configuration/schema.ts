import { z } from 'zod'
import { value } from './value-types.ts'

/** The whole configuration. Only this schema names, describes and sets defaults for the keys. */
export const configurationSchema = z.strictObject({
  environment: value.text()('Name of the environment, such as production'),
  api: z.strictObject({
    host: value.textOr('127.0.0.1')('Address that the API listens on'),
    port: value.port()('Port of the API; 0 takes a free one'),
    showVersion: value.boolean(false)('Tell everybody which release runs: `X-Upload-Bridge-Version`, health', {
      reload: true,
    }),
    hsts: value.boolean(false)(
      'Send `Strict-Transport-Security` when TLS ends in front of the API; with `api.tls` it is sent anyway',
      {
        reload: true,
      },
    ),
    tls: z
      .strictObject({
        certFile: value.optionalPath()('Certificate chain in PEM; read again on SIGHUP'),
        keyFile: value.optionalPath()('Its private key in PEM; read again on SIGHUP'),
      })
      .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
        error: 'certFile and keyFile are set both or neither',
      })
      .prefault({}),
    trustedProxies: value.optionalText()(
      'Addresses or networks of proxies, such as `127.0.0.1, 10.0.0.0/8`, whose `X-Forwarded-For` is believed; none unless set',
    ),
    publicUrl: value.optionalUrl(/^https?$/)(
      'Where clients reach the API, with the path that a proxy puts before its addresses; paths alone are told unless set',
      { reload: true },
    ),
    allowedOrigins: value.optionalText()(
      'Origins of web pages that may use the API from a browser, such as `https://app.example`; none unless set',
      { reload: true },
    ),
    idempotencyKept: value.duration('24h')(
      'How long the answer to an upload by `POST /uploads` with an `Idempotency-Key` is remembered',
      { reload: true },
    ),
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
    expireAfter: value.duration('7d')('How long a partial upload lasts after its last byte; then it is removed', {
      reload: true,
    }),
    retainDelivered: value.duration('1h')('How long the bytes of a delivered upload stay', { reload: true }),
    retainRecords: value.duration('365d')(
      'How long it is known that an upload was delivered, once its bytes are gone; then its id answers 404',
      { reload: true },
    ),
    scrub: z
      .strictObject({
        rate: value.byteSize('16MiB')(
          'Most bytes a second that the worker reads to see whether uploads at rest are whole; 0 reads none',
          { reload: true },
        ),
        every: value.duration('24h')('How often each upload that is not delivered is read for it', { reload: true }),
      })
      .prefault({}),
  }),
  limits: z
    .strictObject({
      archive: z
        .strictObject({
          entries: value.wholeNumber(
            1,
            10_000_000,
            10_000,
          )(
            'Most entries of an archive, with those of archives inside it; what this and the next two limit is unpacked and counted',
            {
              reload: true,
            },
          ),
          uncompressed: value.byteSize('20GiB')('Most bytes that it may unpack to', { reload: true }),
          ratio: value.wholeNumber(
            1,
            100_000,
            200,
          )('How many times its own size that may be; a MiB is always allowed', { reload: true }),
          nesting: value.wholeNumber(
            0,
            10,
            3,
          )('How deep archives may stand in archives; 0 allows none inside', {
            reload: true,
          }),
          time: value.duration('2m')('Longest time that unpacking it may take', { reload: true }),
        })
        .prefault({}),
      requestsInFlight: value.wholeNumber(
        1,
        1_000_000,
        200,
      )('Most requests that are answered at the same time, health and metrics aside; the next is refused', {
        reload: true,
      }),
      requestsPerKey: value.wholeNumber(
        0,
        1_000_000,
        0,
      )('Most of these that one API key may have; 0 is half of them', { reload: true }),
      minimumRate: value.byteSize('100')(
        'Bytes a second that a request has to send on average of 20 seconds, or it is broken off; 0 is no limit',
        { reload: true },
      ),
      window: value.duration('1h')('Time over which a client’s uploads are counted', { reload: true }),
      uploadsPerWindow: value.wholeNumber(
        0,
        1_000_000_000,
        0,
      )('Most uploads of a client in that time; 0 is no limit', { reload: true }),
      bytesPerWindow: value.byteSize('0')('Most bytes of a client in that time; 0 is no limit', { reload: true }),
      bytesAtRest: value.byteSize('0')('Most bytes that a client’s acknowledged uploads take here; 0 is no limit', {
        reload: true,
      }),
    })
    .prefault({}),
  scan: z
    .strictObject({
      address: value.scanner()(
        'Where clamd listens: `host:port` or `unix:/path`; unless set, only the EICAR test file is recognised',
        { reload: true },
      ),
      timeout: value.duration('30s')('Longest time without progress in one scan', { reload: true }),
    })
    .prefault({}),
  auth: z
    .strictObject({
      required: value.boolean(true)('Whether requests need an API key; health never does', { reload: true }),
      keysFile: value.optionalPath()('File of the keys’ hashes; `keys.json` in `state.path` unless set'),
      maxFailures: value.wholeNumber(1, 1_000_000, 10)('Wrong keys from one address in a minute', { reload: true }),
    })
    .prefault({}),
  bridgectl: z
    .strictObject({
      apiKey: value.optionalText()('The API key that `bridgectl uploads send` sends', { secret: true }),
    })
    .prefault({}),
  state: z.strictObject({ path: value.absolutePath()('Folder of small files, not on the storage volume') }),
  downstream: z.strictObject({
    url: value.url(/^https?$/)('Where every upload is delivered to', { reload: true }),
    receivedUrl: value.optionalUrl(/^https?$/)(
      'Where downstream lists what it received, if it does; `bridgectl uploads canary` compares',
    ),
    token: value.optionalText()('Sent downstream as `Authorization: Bearer`', { secret: true, reload: true }),
    timeout: value.duration('10s')('Longest time in which downstream takes nothing of an upload', { reload: true }),
    answerTimeout: value.optionalDuration()(
      'Longest wait for its answer once it has everything; as `downstream.timeout` unless set',
      { reload: true },
    ),
    agreedRate: value.byteSize('10MiB')(
      'Bytes a second that it takes, as agreed: a large upload is late only later, by its size at this rate; 0 leaves size out',
      { reload: true },
    ),
    circuit: z
      .strictObject({
        failures: value.wholeNumber(
          0,
          1_000_000,
          10,
        )('Outages one after the other until only single attempts begin, until one succeeds; 0 is never', {
          reload: true,
        }),
      })
      .prefault({}),
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
