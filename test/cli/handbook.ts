import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import type { RunEvent } from '../../src/journal/index.ts'
import { buildCli } from './bundles.ts'
import { removeLeft } from './remove-left.ts'

/** The `handbook` command in a folder of its own, with a home of its own. */
export async function createHandbook() {
  const bundles = buildCli()
  const root = mkdtempSync(join(tmpdir(), 'handbook-cli-'))
  const home = join(root, 'home')
  const cwd = join(root, 'work')
  for (const folder of [home, cwd, join(root, 'tmp')]) mkdirSync(folder)
  // Its commands are named `handbook`, wherever this checkout is.
  const PATH = `${join(bundles, 'bin')}:${process.env.PATH}`
  const env = { HOME: home, PATH, TMPDIR: join(root, 'tmp'), NO_COLOR: '1', TZ: 'UTC' }
  const options = { cwd, env, extendEnv: false, reject: false, stdin: 'ignore', stripFinalNewline: false } as const
  return {
    root,
    cwd,
    home,
    bundles,
    /** The line of a `handbook.yaml` that names the lab of these bundles. */
    lab: `lab: { module: ${join(bundles, 'lab.cjs')} }\n`,
    env,
    write(file: string, text: string): string {
      const path = join(cwd, file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    run: (...args: readonly string[]) => execa(process.execPath, [join(bundles, 'handbook.cjs'), ...args], options),
    runWith: (more: Readonly<Record<string, string>>, ...args: readonly string[]) =>
      execa(process.execPath, [join(bundles, 'handbook.cjs'), ...args], { ...options, env: { ...env, ...more } }),
    start: (args: readonly string[]) =>
      execa(process.execPath, [join(bundles, 'handbook.cjs'), ...args], { ...options, buffer: false }),
    startWith: (more: Readonly<Record<string, string>>, args: readonly string[]) =>
      execa(process.execPath, [join(bundles, 'handbook.cjs'), ...args], {
        ...options,
        buffer: false,
        env: { ...env, ...more },
      }),
    shell: (script: string) =>
      execa('bash', ['-c', script], {
        ...options,
        env: { ...env, HANDBOOK: `${process.execPath} ${join(bundles, 'handbook.cjs')}` },
      }),
    remove: () => removeLeft(root),
  }
}

/** Events from a run's standard output with `--json`. */
export function readEvents(text: string): RunEvent[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
}

/** A handbook with environments that need no lab. */
export const HANDBOOK = `url: https://x.example
target: { url: { type: string, description: where } }
environments:
  staging: { auto: danger, target: { url: "http://staging" } }
  production: { target: { url: "http://production" } }
  locked:
    target: { url: "http://locked" }
    secrets: { token: { env: NO_SUCH_VARIABLE, for: read } }
`

/** A runbook that finds something, mends it and sees that it is mended. */
export const RUNBOOK = `---
title: It is full
alerts: [ThingFull]
reviewed: 2020-01-01
params:
  staleAfter: { type: duration, default: 24h, description: how old }
  pin: { type: string, default: 'pin-4711', secret: true }
---

## Diagnose

### Look <!-- #look -->

\`\`\`bash
echo "looking at $TARGET_URL for $STALE_AFTER"
hb suggest mend "it is full"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash
echo mended
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
true
\`\`\`

## Escalate

Call somebody.
`
