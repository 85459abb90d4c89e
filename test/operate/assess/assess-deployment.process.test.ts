import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { identify } from '../../../src/base/index.ts'
import type { Actor, RunEvent } from '../../../src/journal/index.ts'
import {
  assessDeployment,
  demandCatalogue,
  openCatalogue,
  readAssessmentPages,
} from '../../../src/operate/assess/assess-deployment.ts'
import { demandHandbook, findStore } from '../../../src/operate/open/open-handbook.ts'
import type { Ports } from '../../../src/operate/ports.ts'
import { bundleWorker } from '../../execute/bundles.ts'
import { OUR_CATALOGUE } from '../../readiness/our-catalogue.ts'

const HANDBOOK = `url: https://x.example
readiness: catalogue.yaml
reviewEvery: 30d
target: { url: { type: string, description: where } }
environments:
  staging: { auto: change, target: { url: "http://staging" } }
`
const PAGE = `---
title: Logging
area: log
reviewed: 2020-01-01
items: { log-1: "Structured logs, JSON", log-2: Levels }
---

## Checks

### It reads <!-- #reads -->

\`\`\`bash item=log-1
true
\`\`\`

### It changes <!-- #changes -->

\`\`\`bash item=log-2 risk=change
true
\`\`\`
`

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-assess-'))
  mkdirSync(join(root, 'docs/readiness'), { recursive: true })
  writeFileSync(join(root, 'handbook.yaml'), HANDBOOK)
  writeFileSync(join(root, 'catalogue.yaml'), OUR_CATALOGUE)
  writeFileSync(join(root, 'docs/readiness/log.md'), PAGE)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

let bundles: Awaited<ReturnType<typeof bundleWorker>>
beforeAll(async () => {
  bundles = await bundleWorker()
})
afterAll(() => bundles.remove())

const start = identify(process.pid)?.start
const BY: Actor = { user: 'anna', host: hostname(), pid: process.pid, ...(start === undefined ? {} : { start }) }

/** Assesses staging as a caller who gives all that there is of the world. */
async function assess() {
  const ports: Ports = {
    cwd: root,
    env: { PATH: process.env.PATH, XDG_STATE_HOME: join(root, 'state') },
    by: BY,
    bundles: bundles.folder,
    say: () => {},
    practice: { connect: async () => undefined },
    signal: new AbortController().signal,
  }
  const handbook = await demandHandbook(root)
  const named = await openCatalogue(handbook)
  const pages = await readAssessmentPages(handbook, named, undefined)
  const events: RunEvent[] = []
  const options = { handbook, pages, catalogue: demandCatalogue(named), environment: 'staging' }
  const assessed = await assessDeployment(options, ports, (_, event) => events.push(event))
  const warnings = events.flatMap(event => (event.type === 'run.warned' ? event.message : []))
  const results = assessed?.assessment.items.flatMap(({ checks }) => checks.map(({ id, result }) => `${id} ${result}`))
  return { warnings, results, refused: assessed?.refused }
}

test('measures with the lock of what it changes, and warns of a page as a run of it does', async () => {
  expect(await assess()).toEqual({
    results: ['reads passed', 'changes passed'],
    refused: [],
    warnings: [
      expect.stringMatching(/^not excluded: /),
      expect.stringMatching(/^last reviewed 2020-01-01: overdue for /),
    ],
  })
  expect(readdirSync(join(root, '.handbook/locks'))).toEqual(['log@staging'])
})

test('changes nothing that somebody else is changing by the same page', async () => {
  const holder = { ...BY, run: 'r', since: '2026-11-22T03:15:00.000Z' }
  const claim = await findStore(root, {}).lease({ procedure: 'log', environment: 'staging' }, holder)
  try {
    const { results, refused } = await assess()
    expect(results).toEqual(['reads passed', 'changes unknown'])
    expect(refused).toEqual([expect.stringContaining(`anna@${hostname()} is changing this already: run r`)])
  } finally {
    if (claim.held) await claim.lease.release()
  }
})

test.each([
  ['a file in the way of the runs', () => writeFileSync(join(root, '.handbook'), '')],
  [
    'a file in the way of the locks',
    () => {
      mkdirSync(join(root, '.handbook'))
      writeFileSync(join(root, '.handbook/locks'), '')
    },
  ],
])('measures all the same with a damaged store, and warns of it: %s', async (_, damage) => {
  damage()
  const { results, warnings } = await assess()
  expect(results).toEqual(['reads passed', 'changes passed'])
  expect(warnings).toContainEqual(expect.stringMatching(/^(?:the record of this run is kept in|the lock is in) /))
})
