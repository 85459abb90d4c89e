import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { RunEvent } from '../../src/journal/index.ts'
import type { RunMessage } from '../../src/wire/index.ts'
import { createHandbook } from '../cli/handbook.ts'

/** Somebody else's handbook, with a site that somebody else built. */
export const YAML = `url: https://ops.example
target: { url: { type: string, description: where } }
environments:
  staging: { auto: read, target: { url: "http://staging" } }
  production: { auto: read, protected: true, approvers: { anna: ssh-ed25519 AAAA }, target: { url: "http://production" } }
`

/** It finds something, waits for a person, mends it, and sees that it is mended. */
const MEND = `---
title: It is full
alerts: [ThingFull]
params:
  staleAfter: { type: duration, default: 24h, description: how old }
  database: { type: host, default: db-1, label: instance, description: which one }
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
echo "looking at $TARGET_URL for $STALE_AFTER"
echo '<script>alert(1)</script>' > page.html
hb evidence page.html page.html
hb suggest mend "it is full"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash
echo mended >> mended.log
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
test -s mended.log
\`\`\`
`

/** It goes on until somebody lets it end. */
const WAIT = `---
title: It waits
params:
  pin: { type: string, secret: true, default: none-4711, description: a secret }
  who: { type: string, description: for whom }
---

## Diagnose

### Wait <!-- #wait -->

\`\`\`bash
echo "for $WHO"
env > seen.env
until test -e go; do sleep 0.05; done
echo "and over"
\`\`\`
`

const POLICY = `default-src 'self'; script-src 'self' 'sha256-abc='`
const INDEX = `<!doctype html><html lang=en><head><meta http-equiv="Content-Security-Policy" content="${POLICY}"></head><body>The handbook</body></html>`

/** A foreign handbook with its built site. Everything that is started with it ends with the test. */
export async function createLiveHandbook(yaml = YAML, more: Readonly<Record<string, string>> = {}) {
  const handbook = await createHandbook()
  const { write, cwd } = handbook
  const children: { kill(signal?: NodeJS.Signals): boolean }[] = []
  onTestFinished(async () => {
    for (const child of children) child.kill('SIGKILL')
    // A runner outlives its server: one that a failed test left would wait for ever.
    await handbook.shell('for run in .handbook/runs/*/; do $HANDBOOK runs cancel "$(basename "$run")"; done')
    await handbook.remove()
  })
  write('handbook.yaml', yaml)
  write('runbooks/mend.md', MEND)
  write('runbooks/wait.md', WAIT)
  for (const [id, text] of Object.entries(more)) write(`runbooks/${id}.md`, text)
  const publish = () => {
    const pages = ['mend', 'wait', ...Object.keys(more)].map(id => ({
      path: `runbooks/${id}.md`,
      permalink: `/runbooks/${id}`,
      contentHash: hashOf(id),
    }))
    write('build/site-facts.json', JSON.stringify({ title: 'x', baseUrl: '/', date: '2026-11-29', pages, index: {} }))
  }
  const hashOf = (id: string) =>
    createHash('sha256')
      .update(readFileSync(join(cwd, `runbooks/${id}.md`)))
      .digest('hex')
  publish()
  write('build/index.html', INDEX)
  write('build/404.html', '<!doctype html><html><body>Not here</body></html>')
  write('build/runbooks/mend/index.html', INDEX)
  write('build/assets/js/main.123.js', 'void 0\n')
  write('build/.hidden', 'secret')
  write('outside.txt', 'outside')
  return {
    ...handbook,
    hashOf,
    /** Starts a server on a free port, or on that one, and waits until it answers. */
    async serve(args: readonly string[] = [], more: Readonly<Record<string, string>> = {}, port = 0) {
      const child = handbook.startWith(more, ['serve', '--port', String(port), ...args])
      children.push(child)
      let said = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
      await expect.poll(() => said, { timeout: 30_000 }).toContain('within 15 minutes')
      const link = /https?:\S*\/enter\/\S+/.exec(said)?.[0] ?? ''
      const listens = /Listens at\s+(\S+)/.exec(said)?.[1] ?? link
      return { child, link, origin: new URL(listens).origin, said: () => said }
    },
  }
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends exactly what is said: no client between that makes it better. */
export function send(
  origin: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    from,
  }: { method?: string; headers?: Record<string, string | string[]>; body?: string; from?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path, method, headers, localAddress: from, agent: false },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Uses a link, as a browser does. */
export async function enter(link: string): Promise<Browser> {
  const { origin, pathname } = new URL(link)
  const { status, headers } = await send(origin, pathname)
  expect(status).toBe(303)
  const [cookie = ''] = headers['set-cookie'] ?? []
  return browse(origin, cookie.split(';', 1)[0] ?? '')
}

export type Browser = ReturnType<typeof browse>

/** A page of the server, in a browser that was let in. */
export function browse(origin: string, cookie: string) {
  const own = { cookie, origin, 'sec-fetch-site': 'same-origin' }
  const press = (path: string, body: object) =>
    send(origin, path, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    origin,
    cookie,
    own,
    get: (path: string) => send(origin, path, { headers: own }),
    press,
    read: async <T>(path: string): Promise<T> => JSON.parse((await send(origin, path, { headers: own })).text),
    begin: (page: string, contentHash: string, more: object = {}) =>
      press('/api/runs', {
        key: `key-${Math.random()}`,
        page,
        contentHash,
        environment: 'staging',
        params: {},
        ...more,
      }),
    stream: <T = RunMessage>(path: string, last?: number) => openStream<T>(origin, path, cookie, last),
  }
}

/** A stream's messages as they come. */
export async function openStream<T>(origin: string, path: string, cookie: string, last?: number) {
  const stop = new AbortController()
  const response = await fetch(`${origin}${path}`, {
    headers: { cookie, ...(last === undefined ? {} : { 'last-event-id': String(last) }) },
    signal: stop.signal,
  })
  const messages: { readonly id: number; readonly data: T }[] = []
  const over = (async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) {
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1]
        if (data !== undefined) messages.push({ id: Number(/^id: (\d+)$/m.exec(part)?.[1]), data: JSON.parse(data) })
      }
    }
  })().catch(() => undefined)
  return { status: response.status, messages, over, stop: () => stop.abort() }
}

export type RunStream = Awaited<ReturnType<typeof openStream<RunMessage>>>

export function eventsOf({ messages }: RunStream): RunEvent[] {
  return messages.flatMap(({ data }) => ('event' in data ? data.event : []))
}

/** The types of a run's events, one after the other, each once. */
export function typesOf(stream: RunStream): string[] {
  return eventsOf(stream).map(({ type }) => type)
}

/** Waits for a question of this step, and gives its number. */
export async function questionOf({ messages }: RunStream, step: string): Promise<string> {
  const find = () => {
    const last = messages.findLast(({ data }) => 'questions' in data)?.data
    return last && 'questions' in last ? last.questions.find(question => question.step === step)?.id : undefined
  }
  await expect.poll(find, { timeout: 20_000 }).toBeDefined()
  return find() ?? ''
}
