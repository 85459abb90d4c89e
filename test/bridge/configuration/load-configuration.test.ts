import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ConfigurationError, loadConfiguration } from '../../../src/bridge/configuration/load-configuration.ts'
import { listConfigurationKeys } from '../../../src/bridge/index.ts'
import { makeTemporaryFolder } from '../support/temporary-folder.ts'

const least = {
  environment: 'test',
  api: { port: 0 },
  worker: { port: 0 },
  database: { url: 'postgres://localhost/x' },
  storage: { path: '/storage' },
  state: { path: '/state' },
  downstream: { url: 'http://localhost/deliveries' },
  releases: { path: '/releases' },
}

let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>
beforeAll(async () => {
  folder = await makeTemporaryFolder()
})
afterAll(() => folder.remove())

async function load(configuration: unknown, environment: NodeJS.ProcessEnv = {}) {
  const file = join(folder.path, 'config.yaml')
  await writeFile(file, typeof configuration === 'string' ? configuration : stringify(configuration))
  return (await loadConfiguration([file], environment)).configuration
}

async function problemsOf(configuration: unknown, environment: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  try {
    await load(configuration, environment)
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

describe('loadConfiguration', () => {
  it('fills in defaults and reads durations and sizes', async () => {
    expect(
      await load({ ...least, storage: { path: '/storage', reserve: '1.5MiB', maxUploadSize: 1000 } }),
    ).toMatchObject({
      api: { host: '127.0.0.1', drainTimeout: 5000 },
      database: { connectionTimeout: 2000, poolSize: 10 },
      storage: { reserve: 1_572_864, maxUploadSize: 1000, expireAfter: 604_800_000, retainDelivered: 3_600_000 },
      downstream: { timeout: 10_000, retry: { initial: 1000, max: 300_000 } },
      log: { level: 'info' },
    })
  })

  it.each([
    ['an unknown key', { ...least, colour: 'red' }, 'colour: unknown key'],
    ['an unknown nested key', { ...least, api: { port: 0, hots: 'x' } }, 'api.hots: unknown key'],
    ['a missing key', { ...least, storage: {} }, 'storage.path: missing'],
    ['a missing section', { ...least, downstream: undefined }, 'downstream.url: missing'],
    ['a wrong duration', { ...least, downstream: { url: 'http://x/', timeout: '10 parsecs' } }, 'downstream.timeout: '],
    ['a wrong size', { ...least, storage: { path: '/x', reserve: 'much' } }, 'storage.reserve: '],
    ['a wrong port', { ...least, api: { port: 65_536 } }, 'api.port: '],
    ['a wrong URL', { ...least, database: { url: 'mysql://x/y' } }, 'database.url: '],
    ['half of a certificate', { ...least, api: { port: 0, tls: { certFile: '/x' } } }, 'api.tls: '],
    ['a relative path', { ...least, state: { path: 'state' } }, 'state.path: '],
    ['a wrong level', { ...least, log: { level: 'loud' } }, 'log.level: '],
    ['a list in the place of a section', { ...least, api: [] }, 'api: '],
    ['nothing', '', 'environment: missing'],
  ])('names the key of %s', async (_what, configuration, expected) => {
    expect(await problemsOf(configuration)).toContainEqual(expect.stringContaining(expected))
  })

  it('names every wrong key at once', async () => {
    expect(await problemsOf({ ...least, api: {}, state: {} })).toEqual(['api.port: missing', 'state.path: missing'])
  })

  it('says what is wrong with a file that is no YAML, or is not there', async () => {
    expect(await problemsOf('a: [')).toHaveLength(1)
    await expect(loadConfiguration(['/nowhere/x.yaml'], {})).rejects.toThrow('/nowhere/x.yaml')
  })
})

describe('overrides by environment', () => {
  it('lets every key be set', async () => {
    const values: Record<string, string> = {
      UPLOAD_BRIDGE_ENVIRONMENT: 'production',
      UPLOAD_BRIDGE_API_HOST: '0.0.0.0',
      UPLOAD_BRIDGE_API_PORT: '8080',
      UPLOAD_BRIDGE_API_SHOW_VERSION: 'true',
      UPLOAD_BRIDGE_API_HSTS: 'true',
      UPLOAD_BRIDGE_API_TLS_CERT_FILE: '/tls/cert.pem',
      UPLOAD_BRIDGE_API_TLS_KEY_FILE: '/tls/key.pem',
      UPLOAD_BRIDGE_API_TRUSTED_PROXIES: '10.0.0.0/8',
      UPLOAD_BRIDGE_API_PUBLIC_URL: 'https://uploads.example/bridge',
      UPLOAD_BRIDGE_API_ALLOWED_ORIGINS: 'https://app.example',
      UPLOAD_BRIDGE_API_IDEMPOTENCY_KEPT: '5h',
      UPLOAD_BRIDGE_API_DRAIN_TIMEOUT: '6s',
      UPLOAD_BRIDGE_WORKER_HOST: '0.0.0.0',
      UPLOAD_BRIDGE_WORKER_PORT: '8081',
      UPLOAD_BRIDGE_WORKER_CONCURRENCY: '7',
      UPLOAD_BRIDGE_DATABASE_URL: 'postgres://elsewhere/db',
      UPLOAD_BRIDGE_DATABASE_CONNECTION_TIMEOUT: '3s',
      UPLOAD_BRIDGE_DATABASE_STATEMENT_TIMEOUT: '4s',
      UPLOAD_BRIDGE_DATABASE_POOL_SIZE: '11',
      UPLOAD_BRIDGE_STORAGE_PATH: '/elsewhere/storage',
      UPLOAD_BRIDGE_STORAGE_RESERVE: '1KiB',
      UPLOAD_BRIDGE_STORAGE_MAX_UPLOAD_SIZE: '2KiB',
      UPLOAD_BRIDGE_STORAGE_EXPIRE_AFTER: '8h',
      UPLOAD_BRIDGE_STORAGE_RETAIN_DELIVERED: '2h',
      UPLOAD_BRIDGE_STORAGE_RETAIN_RECORDS: '3h',
      UPLOAD_BRIDGE_STORAGE_SCRUB_RATE: '6KiB',
      UPLOAD_BRIDGE_STORAGE_SCRUB_EVERY: '4h',
      UPLOAD_BRIDGE_LIMITS_ARCHIVE_ENTRIES: '12',
      UPLOAD_BRIDGE_LIMITS_ARCHIVE_UNCOMPRESSED: '3KiB',
      UPLOAD_BRIDGE_LIMITS_ARCHIVE_RATIO: '13',
      UPLOAD_BRIDGE_LIMITS_ARCHIVE_NESTING: '4',
      UPLOAD_BRIDGE_LIMITS_ARCHIVE_TIME: '9s',
      UPLOAD_BRIDGE_LIMITS_REQUESTS_IN_FLIGHT: '16',
      UPLOAD_BRIDGE_LIMITS_REQUESTS_PER_KEY: '9',
      UPLOAD_BRIDGE_LIMITS_MINIMUM_RATE: '20',
      UPLOAD_BRIDGE_LIMITS_WINDOW: '5m',
      UPLOAD_BRIDGE_LIMITS_UPLOADS_PER_WINDOW: '14',
      UPLOAD_BRIDGE_LIMITS_BYTES_PER_WINDOW: '4KiB',
      UPLOAD_BRIDGE_LIMITS_BYTES_AT_REST: '5KiB',
      UPLOAD_BRIDGE_SCAN_ADDRESS: 'localhost:3310',
      UPLOAD_BRIDGE_SCAN_TIMEOUT: '7s',
      UPLOAD_BRIDGE_AUTH_REQUIRED: 'false',
      UPLOAD_BRIDGE_AUTH_KEYS_FILE: '/keys.json',
      UPLOAD_BRIDGE_AUTH_MAX_FAILURES: '15',
      UPLOAD_BRIDGE_BRIDGECTL_API_KEY: 'ub_x_y',
      UPLOAD_BRIDGE_STATE_PATH: '/elsewhere/state',
      UPLOAD_BRIDGE_DOWNSTREAM_URL: 'https://elsewhere/',
      UPLOAD_BRIDGE_DOWNSTREAM_RECEIVED_URL: 'https://elsewhere/received',
      UPLOAD_BRIDGE_DOWNSTREAM_TOKEN: 'let-me-in',
      UPLOAD_BRIDGE_DOWNSTREAM_TIMEOUT: '1s',
      UPLOAD_BRIDGE_DOWNSTREAM_ANSWER_TIMEOUT: '4s',
      UPLOAD_BRIDGE_DOWNSTREAM_AGREED_RATE: '9000000',
      UPLOAD_BRIDGE_DOWNSTREAM_CIRCUIT_FAILURES: '18',
      UPLOAD_BRIDGE_DOWNSTREAM_RETRY_INITIAL: '2s',
      UPLOAD_BRIDGE_DOWNSTREAM_RETRY_MAX: '3s',
      UPLOAD_BRIDGE_RELEASES_PATH: '/elsewhere/releases',
      UPLOAD_BRIDGE_LOG_LEVEL: 'debug',
      UPLOAD_BRIDGE_LOG_FILE: '/logs/bridge.log',
      UPLOAD_BRIDGE_LOG_MAX_SIZE: '1KiB',
      UPLOAD_BRIDGE_LOG_KEEP: '2',
      UPLOAD_BRIDGE_AUDIT_PATH: '/logs/audit.ndjson',
      UPLOAD_BRIDGE_AUDIT_MAX_SIZE: '2KiB',
      UPLOAD_BRIDGE_AUDIT_KEEP: '3',
      UPLOAD_BRIDGE_SECRETS_ROTATED_AT: '2026-11-01',
    }
    expect(listConfigurationKeys().map(key => key.env)).toEqual(Object.keys(values))
    expect(await load({}, values)).toEqual({
      environment: 'production',
      api: {
        host: '0.0.0.0',
        port: 8080,
        showVersion: true,
        hsts: true,
        tls: { certFile: '/tls/cert.pem', keyFile: '/tls/key.pem' },
        trustedProxies: '10.0.0.0/8',
        publicUrl: 'https://uploads.example/bridge',
        allowedOrigins: 'https://app.example',
        idempotencyKept: 18_000_000,
        drainTimeout: 6000,
      },
      worker: { host: '0.0.0.0', port: 8081, concurrency: 7 },
      database: { url: 'postgres://elsewhere/db', connectionTimeout: 3000, statementTimeout: 4000, poolSize: 11 },
      storage: {
        path: '/elsewhere/storage',
        reserve: 1024,
        maxUploadSize: 2048,
        expireAfter: 28_800_000,
        retainDelivered: 7_200_000,
        retainRecords: 10_800_000,
        scrub: { rate: 6144, every: 14_400_000 },
      },
      limits: {
        archive: { entries: 12, uncompressed: 3072, ratio: 13, nesting: 4, time: 9000 },
        requestsInFlight: 16,
        requestsPerKey: 9,
        minimumRate: 20,
        window: 300_000,
        uploadsPerWindow: 14,
        bytesPerWindow: 4096,
        bytesAtRest: 5120,
      },
      scan: { address: 'localhost:3310', timeout: 7000 },
      auth: { required: false, keysFile: '/keys.json', maxFailures: 15 },
      bridgectl: { apiKey: 'ub_x_y' },
      state: { path: '/elsewhere/state' },
      downstream: {
        url: 'https://elsewhere/',
        receivedUrl: 'https://elsewhere/received',
        token: 'let-me-in',
        timeout: 1000,
        answerTimeout: 4000,
        agreedRate: 9_000_000,
        circuit: { failures: 18 },
        retry: { initial: 2000, max: 3000 },
      },
      releases: { path: '/elsewhere/releases' },
      log: { level: 'debug', file: '/logs/bridge.log', maxSize: 1024, keep: 2 },
      audit: { path: '/logs/audit.ndjson', maxSize: 2048, keep: 3 },
      secrets: { rotatedAt: '2026-11-01' },
    })
  })

  it('names the key of a wrong value', async () => {
    expect(await problemsOf(least, { UPLOAD_BRIDGE_API_PORT: 'eighty' })).toEqual([
      expect.stringMatching(/^api\.port: /),
    ])
  })
})

describe('files one over the other', () => {
  it('takes the later value, and says where each came from', async () => {
    const [base, production] = [join(folder.path, 'base.yaml'), join(folder.path, 'production.yaml')]
    await writeFile(base, stringify({ ...least, log: { level: 'info', keep: 2 } }))
    await writeFile(production, stringify({ environment: 'production', log: { level: 'warn' } }))
    const { configuration, origins } = await loadConfiguration([base, production], { UPLOAD_BRIDGE_API_PORT: '8080' })
    expect(configuration).toMatchObject({
      environment: 'production',
      log: { level: 'warn', keep: 2 },
      api: { port: 8080 },
    })
    const from = (key: string) => origins.get(key)
    expect([from('log.level'), from('log.keep'), from('api.port'), from('api.host')]).toEqual([
      production,
      base,
      'UPLOAD_BRIDGE_API_PORT',
      undefined,
    ])
  })
})

describe('secrets', () => {
  it('come from files, by key or by variable', async () => {
    const file = join(folder.path, 'secret')
    await writeFile(file, 'postgres://u:from-file@localhost/x\n')
    const withFile = { ...least, database: { urlFile: file } }
    expect((await load(withFile)).database.url).toBe('postgres://u:from-file@localhost/x')
    const byVariable = await load({ ...least, database: {} }, { UPLOAD_BRIDGE_DATABASE_URL_FILE: file })
    expect(byVariable.database.url).toBe('postgres://u:from-file@localhost/x')
    expect(await problemsOf({ ...least, database: { url: least.database.url, urlFile: file } })).toEqual([
      'database.urlFile: database.url is set as well; set one of them',
    ])
    expect(await problemsOf({ ...least, database: { urlFile: '/nowhere' } })).toContainEqual(
      expect.stringMatching(/^database\.urlFile: .*\/nowhere/),
    )
    expect(await problemsOf({ ...least, api: { port: 0, hostFile: file } })).toEqual(['api.hostFile: unknown key'])
  })

  it('are not in what is said of a wrong file', async () => {
    const told = await problemsOf('database: { url: postgres://u:planted@localhost/x\napi: [')
    expect(told.join()).not.toContain('planted')
  })
})

it('refuses a misspelt variable, but not those that Kubernetes sets for a Service of our name', async () => {
  expect(await problemsOf(least, { UPLOAD_BRIDGE_LOG_LEVLE: 'debug', UPLOAD_BRIDGE_SERVICE_HOST: '10.0.0.1' })).toEqual(
    ['UPLOAD_BRIDGE_LOG_LEVLE: unknown variable'],
  )
})

describe('listConfigurationKeys', () => {
  it('describes every key for the documentation', () => {
    const keys = listConfigurationKeys()
    expect(keys.filter(key => key.description === '')).toEqual([])
    expect(keys.find(({ key }) => key === 'downstream.retry.max')).toEqual({
      key: 'downstream.retry.max',
      path: ['downstream', 'retry', 'max'],
      type: 'duration',
      required: false,
      secret: false,
      reload: true,
      env: 'UPLOAD_BRIDGE_DOWNSTREAM_RETRY_MAX',
      description: 'Longest wait between attempts',
      default: '5m',
    })
  })
})
