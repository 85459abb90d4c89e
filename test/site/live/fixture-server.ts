import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import type { RunEvent, RunFact } from '../../../src/journal/index.ts'
import type {
  AlertPlot,
  ApprovalView,
  IncidentMessage,
  Now,
  RunCard,
  RunMessage,
  Session,
  Watcher,
} from '../../../src/wire/index.ts'
import { findFile, TYPES } from '../serve-folder.ts'

/** Something that a page sent. */
export interface Sent {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** A server that says what a test has it say: for what a real one does seldom, or not on demand. */
export interface FixtureServer {
  readonly url: string
  session: Session | undefined
  /** All that pages sent, each try of a press as well. */
  readonly sent: Sent[]
  setNow(now: Now): void
  setIncident(message: IncidentMessage): void
  /** What is said of the approval that the run waits for. */
  approval: ApprovalView | undefined
  /** What is said of each alert's expression. */
  plot: AlertPlot
  /** Who looks at the run. */
  here: readonly Watcher[]
  /** Adds to the one run; without a fact, its questions change. */
  tell(...facts: RunFact[]): void
  ask(questions: Extract<RunMessage, { questions: unknown }>['questions']): void
  end(why?: string): void
  /** Forgets the run. */
  clear(): void
  /** Does what it is asked to, and cuts the connection before it answers, so many times. */
  loseAnswers(times: number): void
  /** Cuts all connections, and refuses new ones until it is mended. */
  cut(): void
  mend(): void
  /** Ids that streams were asked to go on from. */
  readonly resumedFrom: string[]
  close(): Promise<void>
}

export const RUN = '20261129-031500-k7f2'
export const INCIDENT = '20261129-031200-q3x9'

export const NO_PLOT: AlertPlot = {
  alert: 'Any',
  from: '2026-11-29T03:00:00Z',
  until: '2026-11-29T03:15:00Z',
  state: 'not-asked',
}

type Kind = 'now' | 'run' | 'incident'

export async function startFixture(folder: string): Promise<FixtureServer> {
  const streams = new Set<{ readonly response: ServerResponse; readonly kind: Kind }>()
  const done = new Map<unknown, { readonly status: number; readonly body: object }>()
  let now: Now | undefined
  let incident: IncidentMessage | undefined
  let messages: { readonly id: number; readonly message: RunMessage }[] = []
  let seq = 0
  let lost = 0
  let isCut = false
  const write = (response: ServerResponse, message: unknown, id?: number) =>
    response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`)
  const send = (message: RunMessage) => {
    messages.push({ id: seq, message })
    for (const { response, kind } of streams) if (kind === 'run') write(response, message, seq)
  }
  const open = (request: IncomingMessage, response: ServerResponse, kind: Kind) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const stream = { response, kind }
    streams.add(stream)
    response.on('close', () => streams.delete(stream))
    if (kind !== 'run') {
      const latest = kind === 'now' ? now : incident
      if (latest) write(response, latest)
      return
    }
    const last = Number(request.headers['last-event-id'] ?? 0)
    if (last > 0) fixture.resumedFrom.push(String(last))
    const latest = messages.findLast(({ message }) => 'questions' in message)
    for (const { id, message } of messages)
      if ('event' in message ? id > last : !('questions' in message)) write(response, message, id)
    if (latest) write(response, latest.message, latest.id)
  }
  const perform = (path: string, body: Readonly<Record<string, unknown>>) => {
    if (path === '/api/runs') return { status: 201, body: { run: RUN } }
    if (path === '/api/incidents') return { status: 201, body: { incident: INCIDENT } }
    if (path.endsWith('/resume')) return { status: 201, body: { run: RUN } }
    if (path.endsWith('/answers')) return { status: 200, body: { result: 'accepted' } }
    return { status: path.endsWith('/cancel') ? 202 : 201, body: { key: body.key } }
  }
  const answer = (response: ServerResponse, status: number, body: object) => {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
    response.end(JSON.stringify(body))
  }
  const api = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (!fixture.session) return answer(response, 401, { type: 'about:blank', title: 'No session', status: 401 })
    if (request.method === 'POST') {
      const body = JSON.parse(await readAll(request))
      if (path === `/api/runs/${RUN}/here`) return answer(response, 200, { here: fixture.here })
      fixture.sent.push({ path, body })
      const result = done.get(body.key) ?? perform(path, body)
      done.set(body.key, result)
      if (lost-- > 0) {
        // After the head: before it, a browser would try again by itself.
        response.writeHead(result.status, { 'content-type': 'application/json', 'content-length': 100 })
        response.write('{')
        setTimeout(() => request.socket.destroy(), 50)
        return
      }
      return answer(response, result.status, result.body)
    }
    if (path === '/api/plots') return answer(response, 200, fixture.plot)
    if (path === '/api/session') return answer(response, 200, fixture.session)
    if (path === '/api/now/events') return open(request, response, 'now')
    if (path === `/api/incidents/${INCIDENT}/events`) return open(request, response, 'incident')
    if (path === `/api/runs/${RUN}/approval` && fixture.approval) return answer(response, 200, fixture.approval)
    if (path === `/api/runs/${RUN}/events`) return open(request, response, 'run')
    if (path === '/api/now' && now) return answer(response, 200, now)
    if (path === '/api/runs') return answer(response, 200, { runs: [] satisfies RunCard[] })
    return answer(response, 404, { type: 'about:blank', title: 'There is no such run', status: 404 })
  }
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (path.startsWith('/api/')) return isCut ? request.socket.destroy() : api(request, response, path)
    const found = await findFile(join(folder, path))
    const file = found ?? join(folder, '404.html')
    response.writeHead(found ? 200 : 404, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
    const content = await readFile(file)
    response.end(extname(file) === '.html' ? content.toString().replace('<html ', '<html data-live ') : content)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const beat = setInterval(() => {
    for (const { response } of streams) response.write(': beat\n\n')
  }, 1000)
  const address = server.address()
  const fixture: FixtureServer = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    session: undefined,
    approval: undefined,
    plot: NO_PLOT,
    here: [],
    sent: [],
    resumedFrom: [],
    setNow(given) {
      now = given
      for (const { response, kind } of streams) if (kind === 'now') write(response, given)
    },
    setIncident(given) {
      incident = given
      for (const { response, kind } of streams) if (kind === 'incident') write(response, given)
    },
    tell(...facts) {
      for (const fact of facts) {
        seq += 1
        const event: RunEvent = { ...fact, seq, time: new Date().toISOString(), run: RUN }
        send({ event })
      }
    },
    ask: questions => send({ questions }),
    end: why => send({ ended: true, ...(why === undefined ? {} : { why }) }),
    clear() {
      messages = []
      seq = 0
      fixture.sent.length = 0
      fixture.resumedFrom.length = 0
    },
    loseAnswers(times) {
      lost = times
    },
    cut() {
      isCut = true
      for (const { response } of streams) response.destroy()
    },
    mend() {
      isCut = false
    },
    close: () =>
      new Promise(resolve => {
        clearInterval(beat)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fixture
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
