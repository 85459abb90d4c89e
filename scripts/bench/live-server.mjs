import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What the server knows people and Alertmanager by here. */
export const PERSON = { 'x-bench-person': 'ana' }
export const TOKEN = 'a-token-of-this-benchmark'

const YAML = `url: https://x.example
serve: { proxy: { addresses: [127.0.0.1], personHeader: X-Bench-Person, others: responder } }
environments:
  here: { auto: read }
`
/** Once it may, it prints the time at which it prints, again and again. */
const PAGE = `---
title: It speaks
params:
  mark: { type: string, default: first, description: The file that lets it speak }
  every: { type: number, default: 1, description: Seconds between two lines }
  linesWanted: { type: number, default: 60, description: How many lines }
---

## Diagnose

### Speak <!-- #speak -->

\`\`\`bash timeout=1h
# Waits without a process of its own.
exec {nothing}<> <(:)
nap() { read -rt "$1" -u "$nothing" || true; }
until test -e "$MARK"; do nap 1; done
for ((line = 0; line < LINES_WANTED; line++)); do echo "at $EPOCHREALTIME"; nap "$EVERY"; done
\`\`\`
`

/** A handbook of its own, and a real `handbook serve` for it, in a process that can be asked for its heap. */
export async function startLiveServer(bundles = 'dist') {
  const root = mkdtempSync(join(tmpdir(), 'handbook-live-'))
  const write = (path, text) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  write('handbook.yaml', YAML)
  write('runbooks/speak.md', PAGE)
  write('token', TOKEN)
  write('heap.cjs', HEAP)
  const contentHash = createHash('sha256').update(PAGE).digest('hex')
  const pages = [{ path: 'runbooks/speak.md', permalink: '/speak', contentHash }]
  write('build/site-facts.json', JSON.stringify({ title: 'x', baseUrl: '/', date: '2026-01-01', pages, index: {} }))
  write('build/index.html', '<!doctype html><html><body>A page</body></html>')
  const args = ['--expose-gc', '--require', join(root, 'heap.cjs'), resolve(bundles, 'handbook.cjs')]
  const child = spawn(
    process.execPath,
    [...args, 'serve', '--port', '0', '--webhook-token-file', join(root, 'token')],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, XDG_STATE_HOME: join(root, 'state') },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  )
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => (said += text))
  while (!said.includes('/enter/')) {
    const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [])])
    if (text === undefined) throw new Error(`the server ended: ${said}`)
  }
  const url = /http:\/\/[^/\s]+/.exec(said)[0]
  const ask = (path, body, headers = {}) => askServer(url, path, body, { ...PERSON, origin: url, ...headers })
  const begun = []
  const isRunning = async run => JSON.parse((await ask(`/api/runs/${run}`)).text).running
  return {
    url,
    write,
    ask,
    /** Begins a run, as one of many people. Gives its id. */
    async begin(person, params = {}) {
      const key = `${person}-${Math.random()}`
      const body = { key, page: 'speak', contentHash, environment: 'here', params }
      const { status, text } = await ask('/api/runs', body, { 'x-bench-person': person })
      if (status !== 201) throw new Error(`a run was not begun: ${text}`)
      const { run } = JSON.parse(text)
      begun.push(run)
      return run
    },
    isRunning,
    /** The bytes of its heap that are in use after a collection. */
    async measureHeap() {
      child.send('heap')
      const [bytes] = await once(child, 'message')
      return bytes
    },
    /** Ends what is left of its runs, which outlive a server, and then the server. */
    async stop() {
      for (const run of begun) if (await isRunning(run)) await ask(`/api/runs/${run}/cancel`, { key: `cancel-${run}` })
      for (const run of begun) while (await isRunning(run)) await sleep(500)
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Runs in the server's process. The channel keeps it no longer alive than it wants to be. */
const HEAP = `process.on('message', async () => {
  for (let round = 0; round < 5; round++) {
    await new Promise(resolve => setTimeout(resolve, 100))
    global.gc()
  }
  process.send(process.memoryUsage().heapUsed)
})
process.channel.unref()
`

const agent = new Agent({ keepAlive: true })

function askServer(url, path, body, headers) {
  const { hostname, port } = new URL(url)
  return new Promise((done, fail) => {
    const asked = request(
      {
        hostname,
        port,
        path,
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', piece => (text += piece))
        response.on('end', () => done({ status: response.statusCode, text }))
      },
    )
    asked.on('error', fail)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
