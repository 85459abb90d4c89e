// What it costs to keep secrets out of much output: a step that prints it in a run with secrets, beside the same run without.
//
//   npm run bench -- redaction
//   npm run bench -- redaction --megabytes 20 --secrets 1,20,200 --json
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseOptions } from './parse-options.mjs'
import { medianOf, printRows } from './print-rows.mjs'

const values = parseOptions({
  megabytes: { type: 'string', default: '100' },
  secrets: { type: 'string', default: '2,20,200' },
  rounds: { type: 'string', default: '3' },
  bundles: { type: 'string', default: 'dist' },
  json: { type: 'boolean', default: false },
})
const handbook = resolve(values.bundles, 'handbook.cjs')
const counts = values.secrets.split(',').map(Number)
/** A password, a key of 24 lines, and tokens. */
const SECRETS = {
  token: 'hunter2-correct-horse-battery',
  key: Array.from({ length: 24 }, (_, at) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA${at}abcdefgh`).join('\n'),
  ...Object.fromEntries(
    Array.from({ length: Math.max(0, ...counts) }, (_, at) => [
      `t${at}`,
      createHash('sha256').update(`token ${at}`).digest('base64url'),
    ]),
  ),
}
const root = mkdtempSync(join(tmpdir(), 'handbook-redaction-'))
try {
  const line = 'the worker of queue 7 took job 4711 of tenant acme, and handed it over within 12 ms'
  const page = `## Procedure\n\n### one\n\n\`\`\`bash risk=read\n{ yes "${line}" || true; } | head -c ${values.megabytes}000000\n\`\`\`\n`
  const spell = names => `{ ${names.map(name => `${name}: { env: BENCH_${name} }`).join(', ')} }`
  const environments = counts.map(
    count => `  with${count}: { secrets: ${spell(Object.keys(SECRETS).slice(0, count))} }\n`,
  )
  mkdirSync(join(root, 'docs'))
  writeFileSync(join(root, 'docs/page.md'), page)
  writeFileSync(
    join(root, 'handbook.yaml'),
    `url: https://x.example\nenvironments:\n  open: {}\n${environments.join('')}`,
  )
  const rounds = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const times = { open: await measure('open') }
    for (const count of counts) times[count] = await measure(`with${count}`)
    rounds.push(times)
  }
  const beside = (count, what) =>
    Math.round(medianOf(rounds.map(times => times[count][what] / times.open[what])) * 100) / 100
  printRows(
    counts.flatMap(count => {
      const name = `${values.megabytes} MB printed with ${count} secrets, beside without`
      return [
        { name: `${name}: seconds`, value: beside(count, 'seconds'), unit: '× without', goal: 2 },
        { name: `${name}: memory`, value: beside(count, 'memory'), unit: '× without', goal: 1.5 },
      ]
    }),
    values.json,
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** Seconds of a run in an environment, and the most memory that its runner had, in kB. */
function measure(environment) {
  return new Promise((done, fail) => {
    const begun = performance.now()
    const child = spawn(process.execPath, [handbook, 'run', 'docs/page.md', '--env', environment, '--auto'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: root,
        XDG_STATE_HOME: join(root, 'state'),
        ...Object.fromEntries(Object.entries(SECRETS).map(([name, secret]) => [`BENCH_${name}`, secret])),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    let memory = 0
    const watch = setInterval(() => {
      try {
        const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
        memory = Math.max(memory, Number(peak ?? 0))
      } catch {
        // It has just ended.
      }
    }, 20)
    child.on('close', code => {
      clearInterval(watch)
      if (code === 0) done({ seconds: (performance.now() - begun) / 1000, memory })
      else fail(new Error(`the run in ${environment} ended with exit code ${code}`))
    })
  })
}
