import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand } from 'citty'
import { countOf, makeVisible } from '../../base/index.ts'
import type { HandbookFile } from '../../environments/index.ts'
import { demandHandbook, listChangedPages, readSiteFacts, UsageError } from '../../operate/index.ts'
import { invite, type RunningServer, startServer } from '../../server/index.ts'
import { collect } from '../check-arguments.ts'
import { BUNDLES } from '../paths.ts'
import { createPorts } from '../ports.ts'
import { complain, paint, print, printToCopy } from '../print.ts'

/** `handbook serve`: the built site, live. */
export const serve = defineCommand({
  meta: {
    name: 'serve',
    description: `The built site, live: what fires now, and runs that are begun and answered in the browser.

  handbook serve
  handbook serve --env lab --port 3001
  handbook serve --read-only
  handbook serve --public-url https://handbook.example --as anna
  handbook serve --invite approver --as ben

It prints a link that lets one browser in, once. Each run is a process of its own: it goes on when the server stops.

Exit code: 0 it was told to stop; 2 there is no built site, the port is taken, or the usage is wrong.`,
  },
  args: {
    port: { type: 'string', description: 'The port; 3000 without it', valueHint: 'PORT' },
    host: { type: 'string', description: 'The address to listen at; this machine only without it', valueHint: 'HOST' },
    'public-url': {
      type: 'string',
      description: 'The address under which people reach it, when that is another one',
      valueHint: 'URL',
    },
    site: { type: 'string', description: 'The folder of the built site; build without it', valueHint: 'FOLDER' },
    env: {
      type: 'string',
      description: 'An environment to serve; may be given more than once; all without it',
      valueHint: 'NAME',
    },
    'read-only': { type: 'boolean', description: 'Whoever enters sees all, and runs nothing' },
    as: {
      type: 'string',
      description: 'Who enters, on an account that several people use; recorded as a claim',
      valueHint: 'NAME',
    },
    'webhook-token-file': { type: 'string', description: 'The token of Alertmanager’s webhook', valueHint: 'FILE' },
    'metrics-token-file': { type: 'string', description: 'The token for /metrics', valueHint: 'FILE' },
    'note-token-file': { type: 'string', description: 'The token with which a chat adds notes', valueHint: 'FILE' },
    invite: {
      type: 'string',
      description: 'Print a link to the server that runs here, and end: for a reader, responder or approver',
      valueHint: 'ROLE',
    },
  },
  async run({ args, rawArgs }) {
    const { prompter: _, ...ports } = createPorts()
    if (args.invite !== undefined) {
      const role = readRole(args.invite)
      printToCopy(
        `Enter, once         ${await invite({ role, person: readPerson(args.as) ?? ports.by.user }, ports)}\n`,
      )
      print(paint.dim(`The link lets one browser in, as ${role}, within 15 minutes.\n`))
      return 0
    }
    const { root, file } = await demandHandbook(ports.cwd)
    const site = resolve(args.site === undefined ? root : ports.cwd, args.site ?? 'build')
    const stale = await listChangedPages(root, await readSiteFacts(site))
    const server = await startServer(
      {
        port: readPort(args.port ?? '3000'),
        host: args.host ?? '127.0.0.1',
        publicUrl: readUrl(args['public-url']),
        site,
        environments: collect(rawArgs, 'env'),
        readOnly: args['read-only'] === true,
        person: readPerson(args.as),
        proxy: file.serve?.proxy,
        tokens: {
          webhook: readToken(args['webhook-token-file'], file.serve?.webhookToken),
          metrics: readToken(args['metrics-token-file'], file.serve?.metricsToken),
          note: readToken(args['note-token-file'], file.serve?.noteToken),
        },
        runner: {
          command: process.execPath,
          args: [join(BUNDLES, 'handbook.cjs'), 'runner'],
          env: withoutTokens(file),
        },
      },
      ports,
    )
    introduce(server, args['read-only'] === true)
    if (stale.length > 0)
      complain(
        `${paint.yellow('!')} ${countOf(stale.length, 'page')} changed since the site was built, and cannot be run from it: ${stale.slice(0, 3).join(', ')}${stale.length > 3 ? ', …' : ''}\n  Build it again: npm run build\n`,
      )
    await untilToldToStop(() => printLink(server))
    const left = await server.close()
    print(left.length === 0 ? 'Stopped. No run is under way.\n' : `Stopped. These runs go on: ${left.join(', ')}\n`)
    for (const run of left) print(paint.dim(`  handbook runs follow ${run}\n`))
    return 0
  },
})

function introduce(server: RunningServer, readOnly: boolean): void {
  const { url, listens, environments } = server
  const names = environments.map(({ name, lab, protected: isProtected }) =>
    [name, lab ? '(practice)' : '', isProtected ? '(protected)' : ''].filter(Boolean).join(' '),
  )
  print(`${paint.bold('The handbook, live')}  ${url}\n`)
  print(`Serves              ${names.join(', ') || 'no environment: handbook.yaml names none'}\n`)
  if (url !== listens) print(`Listens at          ${listens}\n`)
  if (readOnly) print('Whoever enters may only read.\n')
  printLink(server)
}

function printLink(server: RunningServer): void {
  printToCopy(`Enter, once         ${server.newLink()}\n`)
  const more = process.stdin.isTTY ? ' Press Enter for another one.' : ''
  print(paint.dim(`The link lets one browser in, within 15 minutes.${more}\n`))
}

/** Resolves when this process is told to end. Whoever presses Enter meanwhile, or sends SIGUSR2, gets another link. */
async function untilToldToStop(again: () => void): Promise<void> {
  if (process.stdin.isTTY) process.stdin.on('data', again)
  process.on('SIGUSR2', again)
  await new Promise<void>(resolve => {
    // They stay: a package that finds nobody else who heeds a signal ends the process itself.
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve())
  })
  process.off('SIGUSR2', again)
  process.stdin.off('data', again)
  process.stdin.pause()
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port < 65_536) return port
  throw new UsageError(`--port ${text} is no port`, 'Give a number from 0 to 65535')
}

function readRole(text: string): 'reader' | 'responder' | 'approver' {
  if (text === 'reader' || text === 'responder' || text === 'approver') return text
  throw new UsageError(`--invite ${makeVisible(text)} is no role`, 'There are: reader, responder, approver')
}

function readUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (URL.canParse(text)) {
    const { protocol, pathname, search, origin } = new URL(text)
    if (/^https?:$/.test(protocol) && pathname === '/' && search === '') return origin
  }
  throw new UsageError(`--public-url ${text} is no address of a server`, 'Such as https://handbook.example')
}

function readPerson(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w.@+-]+$/.test(text)) return text
  throw new UsageError(`--as ${makeVisible(text)} is no name of a person`, 'Your user name, without spaces')
}

/** A token from a file, else from a variable. Throws a `UsageError` for one that was named and cannot be had. */
function readToken(path: string | undefined, variable: string | undefined): string | undefined {
  if (path === undefined && variable === undefined) return undefined
  const from = path ?? `$${variable}`
  let token: string | undefined
  try {
    token = path === undefined ? process.env[variable ?? ''] : readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`The token in ${from} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  // What handbook.yaml names for everybody is not at hand for everybody.
  if (token === undefined) return undefined
  if (token.trim().length >= SHORTEST) return token.trim()
  throw new UsageError(`The token in ${from} has fewer than ${SHORTEST} characters`, 'Make one: openssl rand -hex 32')
}

const SHORTEST = 16

/** What a runner may know of this process's variables: all but the server's own secrets. */
function withoutTokens({ serve, notify }: HandbookFile): NodeJS.ProcessEnv {
  const own = [serve?.webhookToken, serve?.metricsToken, serve?.noteToken, notify?.chat?.variable]
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.includes(name)))
}
