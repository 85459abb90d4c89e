// How soon Ctrl-C is heard while much is searched for secrets: a secret that repeats itself, in output that does. From the signal
// until the run has ended, with its record written.
//
//   npm run bench -- signals
//   npm run bench -- signals --rounds 9 --json
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseOptions } from './parse-options.mjs'
import { medianOf, printRows } from './print-rows.mjs'

const values = parseOptions({
  rounds: { type: 'string', default: '5' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
const handbook = resolve(values.bundles, 'handbook.cjs')
/** What is printed again and again, and the secret that is made of the same. */
const CASES = {
  'one character': { secret: '\\'.repeat(60), line: '\\'.repeat(4000) },
  'a pattern': { secret: 'ab'.repeat(2000), line: 'ab'.repeat(2000) },
  'lines of a key': { secret: `${'A'.repeat(64)}\n`.repeat(24), line: 'A'.repeat(64) },
}
const root = mkdtempSync(join(tmpdir(), 'handbook-signals-'))
try {
  const environments = Object.keys(CASES).map((_, at) => `  e${at}: { secrets: { s: { env: SECRET } } }\n`)
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'handbook.yaml'), `url: https://x.example\nenvironments:\n${environments.join('')}`)
  const rows = []
  for (const [at, [name, { secret, line }]] of Object.entries(CASES).entries()) {
    const words = `## Procedure\n\n### one\n\n\`\`\`bash risk=read\necho begun\nyes '${line}' | head -c 20000000\nsleep 60\n\`\`\`\n`
    writeFileSync(join(root, `docs/p${at}.md`), words)
    const times = []
    for (let round = 0; round < Number(values.rounds); round++) times.push(await measure(at, secret))
    const seconds = Math.round(medianOf(times) * 1000) / 1000
    rows.push({ name: `Ctrl-C while ${name} is searched for a secret made of it`, value: seconds, unit: 's', goal: 1 })
  }
  printRows(rows, values.json)
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** Seconds from Ctrl-C, in the middle of the output, until the run has ended. */
async function measure(at, secret) {
  const child = spawn(process.execPath, [handbook, 'run', `docs/p${at}.md`, '--env', `e${at}`, '--auto', '--json'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, XDG_STATE_HOME: join(root, 'state'), SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  let said = ''
  child.stdout.setEncoding('utf8').on('data', text => (said += text))
  while (!said.includes('begun\\n')) {
    if (child.exitCode !== null) throw new Error(`the run ended before it printed anything: ${said}`)
    await sleep(5)
  }
  await sleep(500)
  const begun = performance.now()
  child.kill('SIGINT')
  const [code] = await ended
  if (code !== 130) throw new Error(`the run ended with exit code ${code}, and not as one that was cancelled`)
  return (performance.now() - begun) / 1000
}
