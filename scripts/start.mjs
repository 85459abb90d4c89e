// `npm start`: the handbook, live, beside a practice deployment. Ctrl-C stops both.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'

const FIRST_PORT = 3000

const port = await findPort(FIRST_PORT)
const children = [
  start('lab ', pc.cyan, process.execPath, ['dist/handbook.cjs', 'lab', 'up']),
  start('site', pc.magenta, process.execPath, [
    'node_modules/.bin/docusaurus',
    'start',
    '--no-open',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
  ]),
]
let stopping
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => void stop(0))

void waitForSite(`http://127.0.0.1:${port}/`)

function start(name, color, command, args) {
  // Sessions of their own: Ctrl-C comes here, and each is stopped once, in its own way.
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, BROWSER: 'none' },
  })
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', text => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) if (line.trim()) console.log(`${color(name)} ${line}`)
    })
  }
  child.on('exit', code => {
    if (stopping) return
    console.error(`${color(name)} ended${code === null ? '' : ` with exit code ${code}`}`)
    void stop(1)
  })
  return child
}

async function stop(code) {
  stopping ??= end(code)
  await stopping
}

async function end(code) {
  console.log('\nstopping')
  await Promise.all(
    children.map(async child => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise(resolve => child.once('exit', resolve))
      kill(child, 'SIGTERM')
      // The lab takes a moment to end its processes and to unmount its volume.
      if (!(await Promise.race([gone.then(() => true), sleep(30_000, false, { ref: false })]))) kill(child, 'SIGKILL')
    }),
  )
  process.exit(code)
}

function kill(child, signal) {
  try {
    process.kill(child === children[1] ? -child.pid : child.pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

async function waitForSite(url) {
  while (!stopping) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) {
      console.log(
        `\n  ${pc.bold('The handbook')}      ${url}\n  ${pc.bold('Break something')}   npx handbook lab break storage-filling\n  ${pc.bold('Stop')}              Ctrl-C\n`,
      )
      return
    }
    await sleep(300)
  }
}

async function findPort(from) {
  for (let port = from; ; port++) if (await isFree(port)) return port
}

function isFree(port) {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
