import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDrill } from '../../src/drill/index.ts'
import { createFileStore } from '../../src/journal/index.ts'
import type { Lab } from '../../src/lab-port/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { bundleWorker } from '../execute/bundles.ts'

/** A page that heals one fault, and does not look at another one. */
const PAGE = `---
title: It is full
---
## Diagnose
### Full? <!-- #full -->
\`\`\`bash
if [ ! -e "$DEPLOYED/full" ]; then hb rule-out "it is not full"; fi
hb suggest purge "it is full"
\`\`\`
## Mitigate
### Purge <!-- #purge -->
\`\`\`bash irreversible="it is a flag"
rm "$DEPLOYED/full" "$DEPLOYED/$TOO" 2> /dev/null || true
\`\`\`
## Verify
### Empty <!-- #empty -->
\`\`\`bash
[ ! -e "$DEPLOYED/full" ]
\`\`\`
`

let folder = ''
let bundles: Awaited<ReturnType<typeof bundleWorker>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handbook-two-faults-'))
  bundles = await bundleWorker()
})
afterAll(async () => {
  await bundles.remove()
  rmSync(folder, { recursive: true, force: true })
})

/** A deployment of flags: a fault is a file of its name. It writes down what is done to it. */
async function drill(page: string, removesToo = 'nothing') {
  const done: string[] = []
  const flag = (fault = '') => join(folder, 'deployed', fault)
  rmSync(flag(), { recursive: true, force: true })
  const lab: Lab = {
    profile: { name: 'flags' },
    faults: ['full', 'slow'].map(name => ({ name, title: name })),
    mutations: [],
    profiles: [],
    workspaceMutations: [],
    workload: undefined,
    draftFault: undefined,
    look: undefined,
    async up() {
      mkdirSync(flag(), { recursive: true })
      return {}
    },
    down: async () => 'ended',
    status: async () => ({
      state: 'running',
      target: {},
      services: {},
      path: [join(bundles.folder, 'bin')],
      variables: { DEPLOYED: flag(), TOO: removesToo },
      secrets: {},
      faults: readdirSync(flag()),
      processes: [],
      places: {},
    }),
    async break(_, fault) {
      done.push(`break ${fault}`)
      writeFileSync(flag(fault), '')
    },
    async heal(_, fault) {
      done.push(`heal ${fault}, full: ${existsSync(flag('full'))}`)
      rmSync(flag(fault))
    },
    snapshot: async () => undefined,
  }
  const proof = await runDrill(
    {
      id: 'full--full+slow',
      procedure: parseProcedure(page, 'full.md'),
      drill: { fault: 'full', with: 'slow', expect: ['purge'] },
      suggestions: [],
      standsOn: { page: 'a', fault: 'b', shipped: 'c' },
    },
    {
      root: folder,
      lab,
      bundles: bundles.folder,
      store: createFileStore(join(folder, 'runs')),
      rules: folder,
      directory: join(folder, 'lab'),
      timeScale: 60,
      commit: 'c',
      env: { ...process.env },
      by: { user: 'a', host: 'b', pid: process.pid },
      signal: new AbortController().signal,
    },
    () => {},
  )
  return { proof, done }
}

test('the other fault is there before, and remains until the page has healed its own', async () => {
  const { proof, done } = await drill(PAGE)
  expect(proof, proof.reason).toMatchObject({ fault: 'full', with: 'slow', control: 'ruled-out', outcome: 'healed' })
  expect(done).toEqual(['break slow', 'break full', 'heal slow, full: false'])
  expect(proof.reason).toContain('no Alertmanager')
})

test('a page after which the other fault is gone has not healed beside it', async () => {
  const { proof, done } = await drill(PAGE, 'slow')
  expect(proof.reason).toBe('the lab does not say that slow remained until then')
  expect(done).toEqual(['break slow', 'break full'])
})
