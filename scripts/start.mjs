// `npm start`: the handbook, live, beside a practice deployment. Ctrl-C stops both; runs that are under way go on.
import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pc from 'picocolors'

const FIRST_PORT = 3000

/** What the site is built from, and what a build leaves last. */
const SOURCES = [
  'docs',
  'runbooks',
  'scripts/procedures',
  'src',
  'static',
  'docusaurus.config.ts',
  'handbook.yaml',
  'sidebars.ts',
]
const BUILT = 'build/site-facts.json'

const children = []
let stopping
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => void stop(0))

if (timeOf('dist/handbook.cjs') === 0) {
  console.error('✗ The command is not built\n  npm ci builds it, and so does npm run build:cli')
  process.exit(1)
}
start('lab ', pc.cyan, ['dist/handbook.cjs', 'lab', 'up'])
await buildSite()
const port = await findPort(FIRST_PORT)
if (!stopping) {
  const site = start('site', pc.magenta, ['dist/handbook.cjs', 'serve', '--env', 'lab', '--port', String(port)])
  // A link is good once: Enter asks for another one.
  if (process.stdin.isTTY) process.stdin.on('data', () => kill(site, 'SIGUSR2')).unref()
  void waitForSite(`http://127.0.0.1:${port}/`)
}

/** Builds the site when there is none, or when anything that it is made of is newer. */
async function buildSite() {
  const built = timeOf(BUILT)
  const newer = built === 0 ? undefined : SOURCES.flatMap(list).find(file => timeOf(file) > built)
  if (built > 0 && newer === undefined) return
  const why = newer === undefined ? 'There is no built site yet' : `${newer} is newer than the built site`
  console.log(`${pc.magenta('site')} ${why}: building it, which takes a minute or two`)
  const began = Date.now()
  const beat = setInterval(() => {
    console.log(`${pc.magenta('site')} still building, for ${Math.round((Date.now() - began) / 1000)} s`)
  }, 15_000)
  const build = start('site', pc.magenta, ['node_modules/.bin/docusaurus', 'build'], { ends: true })
  const code = await new Promise(resolve => build.once('exit', resolve))
  clearInterval(beat)
  if (code === 0 || stopping) return
  console.error(`${pc.magenta('site')} the build failed: correct what it says above, then npm start`)
  await stop(1)
}

function list(path) {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true }).flatMap(entry =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )
}

function timeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** Starts a program of ours. One that `ends` may do so; with any other one, all end. */
function start(name, color, args, { ends = false } = {}) {
  // Sessions of their own: Ctrl-C comes here, and each is stopped once, in its own way.
  const child = spawn(process.execPath, args, {
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
    if (stopping || ends) return
    console.error(`${color(name)} ended${code === null ? '' : ` with exit code ${code}`}`)
    void stop(1)
  })
  children.push(Object.assign(child, { ends }))
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
    // A build has processes of its own; the others end theirs themselves.
    process.kill(child.ends ? -child.pid : child.pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

async function waitForSite(url) {
  while (!stopping) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) {
      console.log(
        `\n  ${pc.bold('The handbook')}      ${url}\n  ${pc.bold('Break something')}   npx handbook lab break storage-filling\n  ${pc.bold('Write pages')}       npx docusaurus start   shows them as you write\n  ${pc.bold('Stop')}              Ctrl-C\n`,
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
