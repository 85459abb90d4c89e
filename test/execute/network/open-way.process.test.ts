import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { contain } from '../../../src/execute/contain.ts'
import { findAddresses } from '../../../src/execute/network/addresses.ts'
import { openWay } from '../../../src/execute/network/open-way.ts'
import { requires } from '../../environment/requires.ts'
import { bundleWorker } from '../bundles.ts'

const BWRAP = requires('what a command in containment reaches', ['bwrap', 'setpriv'])

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-way-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a command that reaches what these texts name, and gives what it says. */
async function runBehind(texts: readonly string[], command: readonly string[], hidden: readonly string[] = []) {
  const { folder: bundles } = await bundleWorker()
  const way = await openWay(makeFolder(), bundles, findAddresses(texts))
  onTestFinished(() => way.close())
  const [program = '', ...args] = [
    ...contain({ writable: makeFolder(), needed: [process.cwd(), bundles], hidden, way }),
    ...command,
  ]
  const { stdout } = await promisify(execFile)(program, args, { timeout: 30_000 })
  return stdout
}

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, socket => serve(socket.on('error', () => undefined)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return Number(Object(server.address()).port)
}

const answer = (socket: Socket) =>
  socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes'))
const ask = (...urls: readonly string[]) => ['curl', '-sS', '--max-time', '5', ...urls]

test.runIf(BWRAP)('a place that has two names is reached by both', async () => {
  const port = await listen(answer)
  const urls = ['localhost', '127.0.0.1', '0.0.0.0'].map(host => `http://${host}:${port}/`)
  expect(await runBehind(urls, ask(...urls))).toBe('yesyesyes')
})

test.runIf(BWRAP)('a name is reached in capitals, and by several URLs in one text', async () => {
  const port = await listen(answer)
  const text = `http://127.0.0.1:1,http://LocalHost:${port}`
  expect(await runBehind([text], ask(`http://LOCALHOST:${port}/`))).toBe('yes')
})

test.runIf(BWRAP)('a name is found with the dot at its end', async () => {
  expect(await runBehind(['http://db.example.:80'], ['getent', 'hosts', 'db.example.'])).toMatch(/^127\.83\.0\.1\s/)
})

test.runIf(BWRAP)(
  'who has said all, and takes the answer slowly, gets the whole of it',
  async () => {
    const port = await listen(socket => {
      let asked = ''
      socket.on('data', bytes => {
        asked += bytes
      })
      socket.once('end', () => socket.end(Buffer.alloc(Number(asked))))
    })
    const lost = await runBehind(
      [`http://127.0.0.1:${port}`],
      [
        process.execPath,
        '-e',
        `const all = Array.from({ length: 59 }, (_, at) => (at + 1) * 100_000)
      let open = all.length
      for (const size of all) {
        let got = 0
        const socket = require('node:net').connect({ port: ${port}, host: '127.0.0.1', allowHalfOpen: true })
        socket.end(String(size)).pause().on('data', bytes => { got += bytes.length })
        socket.on('close', () => { if (got !== size) console.log(size, got); if (--open === 0) console.log('over') })
        setTimeout(() => socket.resume(), 1500)
      }`,
      ],
    )
    expect(lost).toBe('over\n')
  },
  60_000,
)

test.runIf(BWRAP)('many connections at once are all answered', async () => {
  const port = await listen(answer)
  const said = await runBehind(
    [`http://127.0.0.1:${port}`],
    [
      process.execPath,
      '-e',
      `const all = Array.from({ length: 300 }, () => fetch('http://127.0.0.1:${port}/').then(said => said.text()))
      Promise.all(all).then(texts => console.log(texts.every(text => text === 'yes')))`,
    ],
  )
  expect(said).toBe('true\n')
})

test.runIf(BWRAP)('what is hidden is out of reach, also behind a link: a file, and a socket', async () => {
  const folder = makeFolder()
  const at = (name: string) => join(folder, name)
  writeFileSync(at('token'), 'token-4711')
  symlinkSync(folder, at('by-link'))
  const agent = createServer(socket => socket.end('signed'))
  await new Promise<void>(resolve => agent.listen(at('agent'), resolve))
  onTestFinished(() => void agent.close())
  const command = [
    'bash',
    '-c',
    'cat "$1/token"; "$2" -e "require(\'node:net\').connect(process.argv[1]).on(\'data\', text => console.log(String(text))).on(\'error\', () => 0)" "$1/agent"; true',
    ...['bash', folder, process.execPath],
  ]
  expect(await runBehind([], command)).toBe('token-4711signed\n')
  expect(await runBehind([], command, [at('by-link/token'), at('agent'), '/run/not-there'])).toBe('')
})
