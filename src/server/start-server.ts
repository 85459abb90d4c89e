import { hostname } from 'node:os'
import { join } from 'node:path'
import { type FastifyInstance, fastify } from 'fastify'
import {
  demandHandbook,
  findStore,
  listReachable,
  readSiteFacts,
  resolveEnvironment,
  UsageError,
} from '../operate/index.ts'
import type { ServedEnvironment } from '../wire/index.ts'
import { addMetrics } from './add-metrics.ts'
import { guard, listNames } from './entrance/guard.ts'
import { findAddress, type Guest, leaveInvitation, sayAddress } from './entrance/invitations.ts'
import { openEntrance } from './entrance/open-entrance.ts'
import { addEntrance } from './entrance/sessions.ts'
import { trustProxy } from './entrance/trust-proxy.ts'
import { addChatNotes } from './incidents/add-chat-notes.ts'
import { addIncidents } from './incidents/add-incidents.ts'
import { recordAlerts } from './incidents/record-alerts.ts'
import { addNow } from './now/add-now.ts'
import { addOnCall } from './now/add-on-call.ts'
import { addWebhook } from './now/add-webhook.ts'
import { createLookBook } from './now/look-book.ts'
import { createLooker } from './now/look-on-alert.ts'
import { createNowBoard } from './now/now-board.ts'
import { addPlots } from './plots/add-plots.ts'
import { explainError } from './refusal.ts'
import { addApproval } from './runs/add-approval.ts'
import { addEvidence } from './runs/add-evidence.ts'
import { addRunPresses } from './runs/add-run-presses.ts'
import { addRuns } from './runs/add-runs.ts'
import { addTakeUp } from './runs/add-take-up.ts'
import { addWatchers } from './runs/add-watchers.ts'
import { createRunFeeds } from './runs/run-feeds.ts'
import type { ServerOptions, ServerParts, ServerPorts } from './server-parts.ts'
import { addSite } from './site/add-site.ts'
import { createStreams } from './stream.ts'

/** A server that answers. */
export interface RunningServer {
  /** Where people reach it. */
  readonly url: string
  /** Where it listens. */
  readonly listens: string
  readonly environments: readonly ServedEnvironment[]
  /** A link that lets one browser in, once. */
  newLink(): string
  /** Ends the streams and the server. Gives the runs that go on without it. */
  close(): Promise<readonly string[]>
}

/** Bytes of a body, unless a route takes more. */
const BODY_LIMIT = 64 * 1024

/**
 * Serves the built site, what is known of environments, and their runs. It executes no block: each run is a process of its own. Throws a
 * `UsageError` when there is no site, no such environment, or the port is taken.
 */
export async function startServer(options: ServerOptions, ports: ServerPorts): Promise<RunningServer> {
  const handbook = await demandHandbook(ports.cwd)
  const facts = await readSiteFacts(options.site)
  const store = findStore(handbook.root, ports.env)
  const served = describeEnvironments(options.environments, handbook.file.environments)
  const own = nameFolder(handbook.root)
  const entrance = await openEntrance(join(own, 'sessions.json'), {
    person: options.person ?? ports.by.user,
    readOnly: options.readOnly,
    now: Date.now,
  })
  const resolve = (name: string) => resolveEnvironment(handbook, name, ports.practice)
  const shared = { options, handbook, facts, store, entrance, served, resolve, looks: createLookBook(), say: ports.say }
  const parts: ServerParts = {
    ...shared,
    now: createNowBoard(shared),
    feeds: createRunFeeds(store),
    streams: createStreams(),
    askProxy: options.proxy ? trustProxy(options.proxy) : () => undefined,
    actor: user => ({ ...ports.by, user }),
    account: ports.by.user,
    env: ports.env,
    practice: ports.practice,
    url: () => options.publicUrl ?? `http://${spell(options.host)}:${findPort(app)}`,
  }
  const app = createApp(parts)
  await listen(app, options)
  const stop = new AbortController()
  const lookAt = createLooker(parts, stop.signal)
  parts.now.start(stop.signal, name => {
    lookAt(name)
    return recordAlerts(name, parts)
  })
  const listens = `http://${spell(options.host)}:${findPort(app)}`
  const url = parts.url()
  // Where a proxy signs people in, a link is for when it is gone.
  const entry = options.proxy ? listens : url
  const { pid, start } = ports.by
  if (start !== undefined) await sayAddress(own, { url: entry, server: { pid, start } })
  return {
    url,
    listens,
    environments: served,
    newLink: () => spellLink(entry, entrance.newLink()),
    async close() {
      stop.abort()
      parts.streams.close()
      parts.feeds.close()
      await app.close()
      const underWay = await Promise.all(served.map(({ name }) => store.underWay(name).catch(() => [])))
      return underWay.flat().map(({ run }) => run)
    },
  }
}

/**
 * A link by which one more browser may enter the server of a handbook that runs on this machine. Throws a `UsageError` when none does. Whoever
 * may call this has the account that the server has.
 */
export async function invite(guest: Guest, { cwd }: Pick<ServerPorts, 'cwd'>): Promise<string> {
  const folder = nameFolder((await demandHandbook(cwd)).root)
  const url = await findAddress(folder)
  if (url === undefined) throw new UsageError('No server of this handbook runs here', 'Start it: handbook serve')
  return spellLink(url, await leaveInvitation(join(folder, 'invitations'), guest, Date.now()))
}

/** Where a server keeps who is in. */
function nameFolder(root: string): string {
  return join(root, '.handbook', 'serve')
}

function spellLink(url: string, secret: string): string {
  return `${url.replace(/\/$/, '')}/enter/${secret}`
}

function createApp(parts: ServerParts): FastifyInstance {
  const { options, say } = parts
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    // A look at a link must not use it up.
    exposeHeadRoutes: false,
    // One alert with such a label must not keep the others of its group away.
    onProtoPoisoning: 'remove',
    // A client that sends slowly, or takes nothing, is cut.
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 500 },
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
  })
  app.server.maxConnections = 1024
  // JSON alone: a form of another site can send no such thing.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, _request, reply) => {
    const { refusal, headers } = explainError(error)
    if (refusal.status === 500) say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    if (reply.raw.headersSent) return reply.raw.destroy()
    return reply.code(refusal.status).headers(headers).type('application/problem+json').send(JSON.stringify(refusal))
  })
  app.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: 'There is nothing here', status: 404 })),
  )
  guard(app, () => listNames(options.host, findPort(app), options.publicUrl))
  addEntrance(app, parts)
  addNow(app, parts)
  addOnCall(app, parts)
  addPlots(app, parts)
  addRuns(app, parts)
  addRunPresses(app, parts)
  addEvidence(app, parts)
  addApproval(app, parts)
  addTakeUp(app, parts)
  addWatchers(app, parts)
  addIncidents(app, parts)
  addChatNotes(app, parts)
  addWebhook(app, parts)
  addMetrics(app, parts)
  const isPractice = parts.served.every(({ lab }) => lab)
  addSite(app, options.site, isPractice)
  return app
}

async function listen(app: FastifyInstance, { port, host }: ServerOptions): Promise<void> {
  try {
    await app.listen({ port, host })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new UsageError(`Port ${port} is taken`, `Give another one: --port ${port + 1}`)
    if (code === 'EACCES') throw new UsageError(`Port ${port} may not be used by this account`, 'Give one above 1023')
    throw new UsageError(`The server cannot listen at ${host}: ${error instanceof Error ? error.message : error}`)
  }
}

function findPort({ server }: FastifyInstance): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function spell(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

type Known = Awaited<ReturnType<typeof demandHandbook>>['file']['environments']

/** The environments by their names; all, when none is named. Throws a `UsageError` for one that there is not. */
function describeEnvironments(names: readonly string[], known: Known): ServedEnvironment[] {
  const all = Object.keys(known)
  return (names.length === 0 ? all : [...new Set(names)]).map(name => {
    const found = Object.hasOwn(known, name) ? known[name] : undefined
    if (!found) throw new UsageError(`handbook.yaml has no environment ${name}`, `There are: ${all.join(', ')}`)
    return { name, host: hostname(), lab: found.lab, protected: found.protected, others: listReachable(known, name) }
  })
}
