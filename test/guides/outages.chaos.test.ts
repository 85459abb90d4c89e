import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { Client } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { leaveOut, requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import type { DoneRun } from '../runner/run-page.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const API = 'runbooks/api-down.md'
const DATABASE = 'runbooks/database-down.md'
const DELIVERY = 'runbooks/downstream-down.md'
const ADMISSION = 'runbooks/admission-closed.md'
const LIMIT = 120_000

/** Each step of Diagnose that did not rule its cause out, and how it ended. */
const findOpen = ({ events }: DoneRun) =>
  Object.fromEntries(
    events.flatMap(event =>
      event.type === 'step.finished' && !['ruled-out', 'passed'].includes(event.status)
        ? [[event.step, event.status]]
        : [],
    ),
  )

const listSuggested = ({ events }: DoneRun) => [
  ...new Set(events.flatMap(event => (event.type === 'step.suggested' ? [event.suggests] : []))),
]

describe.runIf(requires('the runbooks of outages', ['prometheus', 'prometheus-alertmanager', 'jq']))('in a lab', () => {
  const { lab, run, bridgectl } = provideLab({ monitoring: true })
  const service = (name: string, action: string) => execa(join(lab().status().binPath, 'lab-service'), [name, action])
  const processOf = (name: string) =>
    lab()
      .status()
      .processes.find(process => process.name === name)
  const restores: (() => unknown)[] = []
  const edit = (path: string, change: (text: string) => string) => {
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, change(before))
    restores.push(() => writeFileSync(path, before))
  }

  /** A server that answers every request with this. */
  const answerWith = async (body: string) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
    const server = createServer(socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(head + body))
    })
    return `http://127.0.0.1:${await listen(server)}`
  }
  const listen = async (server: Server) => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    restores.push(() => server.close())
    return portOf(server.address())
  }

  afterEach(async () => {
    for (const restore of restores.splice(0).reverse()) await restore()
    await lab().heal()
    for (const name of ['database', 'api', 'worker']) await service(name, 'start')
  })

  describe('the API', () => {
    test('that refuses its configuration is not started before that is mended', { timeout: LIMIT }, async () => {
      edit(lab().status().configPath, text => `${text}\nnosuch: key\n`)
      await service('api', 'restart').catch(() => undefined)
      const done = await run(API)
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toMatchObject({ process: 'failed', configuration: 'failed' })
      expect(listSuggested(done)).toEqual([])
      expect(readText(done)).toContain('nosuch: unknown key')
      await restores.pop()?.()
      const again = await run(API)
      expect(again.ending.outcome, tellRun(again)).toBe('healed')
    })

    test('that hangs is not ended while its configuration is wrong, for it would not come back', {
      timeout: LIMIT,
    }, async () => {
      edit(lab().status().configPath, text => `${text}\nnosuch: key\n`)
      await lab().break('api-hanging')
      const before = processOf('api')
      const done = await run(API)
      expect(done.ending.outcome).toBe('failed')
      expect(findOpen(done)).toMatchObject({ configuration: 'failed', 'restart-api': 'failed' })
      expect(processOf('api')).toEqual(before)
    })

    test('whose new release cannot start is no reason to restart it for ever', { timeout: LIMIT }, async () => {
      const { releasesPath } = lab().status()
      await service('api', 'stop')
      edit(join(releasesPath, '1.0.0', 'api.cjs'), () => 'throw new Error("no good")\n')
      await bridgectl('releases', 'activate', '1.0.0')
      restores.push(() => bridgectl('releases', 'activate', '1.1.0'))
      const done = await run(API)
      expect(done.ending.outcome).toBe('failed')
      expect(findOpen(done)).toEqual({ release: 'failed', 'restart-api': 'failed' })
      expect(readText(done)).toContain('no good')
    })

    test('that answers, but not at the address of clients, is left alone', { timeout: LIMIT }, async () => {
      const done = await run(API, {}, undefined, ({ target }) => ({ target: { ...target, url: 'http://127.0.0.1:1' } }))
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ before: 'failed' })
      expect(listSuggested(done)).toEqual([])
    })

    test('that only Prometheus does not reach is left alone', { timeout: LIMIT }, async () => {
      const prometheusUrl = await answerWith('{"data":{"activeTargets":[]}}')
      const done = await run(API, {}, undefined, ({ target }) => ({ target: { ...target, prometheusUrl } }))
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ scraped: 'failed' })
    })

    test('is not ruled out where nobody says whether it runs', { timeout: LIMIT }, async () => {
      const done = await run(API, {}, undefined, ({ services }) => ({ services: { ...services, api: {} } }))
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ process: 'failed' })
    })
  })

  describe('the database', () => {
    const withUrl = (change: (url: URL) => void) => {
      const url = new URL(lab().status().databaseUrl)
      change(url)
      return run(DATABASE, {}, undefined, ({ variables }) => ({
        variables: { ...variables, UPLOAD_BRIDGE_DATABASE_URL: url.href },
      }))
    }

    test('that has no connection left is not restarted', { timeout: LIMIT }, async () => {
      const clients: Client[] = []
      const fill = async () => {
        for (let full = false; !full && clients.length < 200; ) {
          const client = new Client({ connectionString: lab().status().databaseUrl })
          client.on('error', () => undefined)
          full = await client.connect().then(
            () => false,
            () => true,
          )
          if (!full) clients.push(client)
        }
      }
      await fill()
      // What the services give back is taken at once.
      let isOver = false
      const filling = (async () => {
        for (; !isOver; await sleep(5)) await fill()
      })()
      restores.push(async () => {
        isOver = true
        await filling
        await Promise.all(clients.map(client => client.end().catch(() => undefined)))
      })
      const done = await run(DATABASE)
      expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ connections: 'failed' })
      expect(listSuggested(done)).toEqual([])
    })

    test('that refuses a password, or has no such database, is not restarted', { timeout: LIMIT }, async () => {
      for (const change of [
        (url: URL) => {
          url.password = 'wrong'
        },
        (url: URL) => {
          url.pathname = '/nosuch'
        },
      ]) {
        const done = await withUrl(change)
        expect(done.ending.outcome).toBe('inconclusive')
        expect(findOpen(done)).toEqual({ refused: 'failed' })
        expect(readText(done)).not.toContain('wrong')
      }
    })

    test('to which no way leads is not restarted', { timeout: LIMIT }, async () => {
      for (const host of ['127.0.0.1:1', 'nosuch.invalid:5432']) {
        const done = await withUrl(url => {
          url.host = host
        })
        expect(findOpen(done), host).toEqual({ network: 'failed' })
        expect(listSuggested(done)).toEqual([])
      }
    })

    test.for([
      ['the database system is starting up', 'starting'],
      ['the database system is in recovery mode', 'starting'],
      ['remaining connection slots are reserved for roles with the SUPERUSER attribute', 'connections'],
      ['no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption', 'refused'],
      ['Passwort-Authentifizierung für Benutzer »u« fehlgeschlagen', 'other'],
      ['database is not accepting commands that assign new transaction IDs', 'other'],
    ] as const)('that says “%s” is left alone', { timeout: LIMIT }, async ([says, step]) => {
      const fields = `SFATAL\0VFATAL\0C57P03\0M${says}\0\0`
      const answer = Buffer.concat([Buffer.from('E'), Buffer.alloc(4), Buffer.from(fields)])
      answer.writeInt32BE(answer.length - 1, 1)
      const server = createServer(socket => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end(answer))
      })
      const port = await listen(server)
      const done = await withUrl(url => {
        url.port = String(port)
      })
      expect(findOpen(done), tellRun(done)).toEqual({ [step]: 'failed' })
      expect(listSuggested(done)).toEqual([])
    })

    test('whose disk is full is not started before there is room', { timeout: LIMIT }, async () => {
      await service('database', 'stop')
      const log = join(lab().status().logsPath, 'database.log')
      appendFileSync(
        log,
        '2026-11-28 03:00:00.000 UTC [1] PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device\n',
      )
      const done = await run(DATABASE)
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ disk: 'failed' })
      expect(listSuggested(done)).toEqual([])
    })

    test('that runs, and that only the API cannot use, is left alone', { timeout: LIMIT }, async () => {
      const url = await answerWith(
        '{"checks":{"database":[{"status":"fail","output":"the database does not answer"}]}}',
      )
      const done = await run(DATABASE, {}, undefined, ({ target }) => ({ target: { ...target, url } }))
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toEqual({ api: 'failed' })
    })

    test('is not ruled out where nobody says whether its server runs', { timeout: LIMIT }, async () => {
      await lab().break('database-down')
      const done = await run(DATABASE, {}, undefined, ({ services }) => ({ services: { ...services, database: {} } }))
      expect(done.ending.outcome).toBe('inconclusive')
      expect(findOpen(done)).toMatchObject({ server: 'failed', disk: 'failed' })
    })
  })

  test('a worker that hangs is restarted, also when nothing waits', { timeout: LIMIT }, async () => {
    const before = processOf('worker')
    process.kill(before?.pid ?? 0, 'SIGSTOP')
    const done = await run(DELIVERY)
    expect(done.ending.outcome, tellRun(done)).toBe('healed')
    expect(listSuggested(done)).toEqual(['restart-worker'])
    expect(processOf('worker')).not.toEqual(before)
  })

  test('admission that is closed for want of room stays closed until there is room', { timeout: LIMIT }, async () => {
    await bridgectl('admission', 'close', '--reason', 'storage')
    restores.push(() => bridgectl('admission', 'open'))
    if (lab().status().storage.kind === 'volume') {
      const { storagePath } = lab().status()
      const file = join(storagePath, 'ballast')
      await execa('dd', ['if=/dev/zero', `of=${file}`, 'bs=1M', 'count=230'])
      restores.push(() => execa('rm', [file]))
      const done = await run(ADMISSION)
      expect(findOpen(done)).toEqual({ storage: 'failed' })
      await restores.pop()?.()
    } else leaveOut('admission without room', 'a file system that may be mounted')
    const done = await run(ADMISSION)
    expect(done.ending.outcome, tellRun(done)).toBe('healed')
    expect((await sendFile(lab().status().url)).status).toBe(201)
  })
})

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}
