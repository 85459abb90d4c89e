// Runs a small page and each other command once, so that V8's compiled form of what they need is kept beside the bundles.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PAGE = `---
title: Compile
params: { staleAfter: { type: duration, default: 24h } }
---

## Diagnose

### A look <!-- #look -->

\`\`\`bash
echo "$STALE_AFTER"; hb suggest mend because; echo percent=97 >> "$STEP_OUTPUT"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash temporary timeout=10s
true
\`\`\`

## Verify

### It works

| a | b |
| - | - |
| 1 | 2 |

\`\`\`bash
true
\`\`\`
`
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
const CODE = 'const out = await $`echo ${params.who}`\nconsole.log(out.stdout)\nreturn { who: params.who as string }'

/** A page without a problem. */
const GUIDE = `# Guide

## Procedure

### A look

\`\`\`bash
df -h . | tail -n 1
\`\`\`

### Two

\`\`\`ts
const { stdout } = await $\`echo 1\`
return { count: Number(stdout) }
\`\`\`
`

/** Each command, at something that it can do with pages alone. */
const COMMANDS = [
  ['check', 'guide.md'],
  ['runs', 'list'],
  ['list', '--help'],
  ['show', 'page.md'],
  ...['alerts', 'doctor', 'new', 'drill', 'assess', 'lab'].map(name => [name, '--help']),
]

/** Compiles what the commands and the worker of a run load, by running them. The build is complete without. */
export async function compile(bundles) {
  const folder = await mkdtemp(join(tmpdir(), 'handbook-compile-'))
  const env = { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: folder, HANDBOOK_COMPILE: '1' }
  try {
    await writeFile(join(folder, 'page.md'), PAGE)
    await writeFile(join(folder, 'guide.md'), GUIDE)
    const handbook = words => spawn(process.execPath, [join(bundles, 'handbook.cjs'), ...words], { cwd: folder, env })
    await run(handbook(['run', 'page.md', '--auto']))
    await Promise.all(COMMANDS.map(words => run(handbook(words))))
    const worker = spawn(process.execPath, [join(bundles, 'worker.cjs')], {
      cwd: folder,
      env: { ...env, HB_REPORTS: '4' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    worker.stdio[4].resume()
    worker.stdio[3].end(`${JSON.stringify(makeBlock(folder))}\n`)
    await run(worker)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(child) {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) console.warn(`not compiled ahead of time: ${said}`)
}

function makeBlock(folder) {
  const lines = CODE.split('\n').map((_, index) => ({ line: index + 1, column: 1 }))
  const names = { params: { who: 'me' }, target: {}, values: {}, services: {}, secrets: {} }
  const lists = { steps: [], suggestable: [], hosts: [] }
  const variables = { PATH: process.env.PATH }
  const folders = { cwd: folder, folder, evidenceFolder: folder }
  return {
    step: 'one',
    language: 'ts',
    code: CODE,
    file: 'page.md',
    lines,
    variables,
    mayChange: false,
    ...names,
    ...lists,
    ...folders,
  }
}
