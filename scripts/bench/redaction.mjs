// What it costs to keep secrets out of much output: a step that prints it in a run with secrets, beside the same run without.
//
//   npm run bench -- redaction
//   npm run bench -- redaction --megabytes 20 --json
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { medianOf, printRows } from './print-rows.mjs'

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    bundles: { type: 'string', default: 'dist' },
    json: { type: 'boolean', default: false },
  },
})
const handbook = resolve(values.bundles, 'handbook.cjs')
const root = mkdtempSync(join(tmpdir(), 'handbook-redaction-'))
try {
  const line = 'the worker of queue 7 took job 4711 of tenant acme, and handed it over within 12 ms'
  const page = `## Procedure\n\n### one\n\n\`\`\`bash risk=read\nyes "${line}" | head -c ${values.megabytes}000000\n\`\`\`\n`
  const secrets = '{ token: { env: BENCH_TOKEN }, key: { env: BENCH_KEY } }'
  writeFileSync(join(root, 'page.md'), page)
  writeFileSync(
    join(root, 'handbook.yaml'),
    `url: https://x.example\nenvironments:\n  open: {}\n  closed: { secrets: ${secrets} }\n`,
  )
  const rounds = []
  for (let round = 0; round < Number(values.rounds); round++)
    rounds.push({ open: await measure('open'), closed: await measure('closed') })
  const name = `${values.megabytes} MB printed with secrets, beside without`
  const beside = what => Math.round(medianOf(rounds.map(({ open, closed }) => closed[what] / open[what])) * 100) / 100
  printRows(
    [
      { name: `${name}: seconds`, value: beside('seconds'), unit: '× without', goal: 2 },
      { name: `${name}: memory`, value: beside('memory'), unit: '× without', goal: 1.5 },
    ],
    values.json,
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}

/** Seconds of a run in an environment, and the most memory that its runner had, in kB. */
function measure(environment) {
  return new Promise((done, fail) => {
    const begun = performance.now()
    const child = spawn(process.execPath, [handbook, 'run', 'page.md', '--env', environment, '--auto'], {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        HOME: root,
        XDG_STATE_HOME: join(root, 'state'),
        BENCH_TOKEN: 'hunter2-correct-horse-battery',
        BENCH_KEY: Array.from(
          { length: 24 },
          (_, at) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA${at}abcdefgh`,
        ).join('\n'),
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
