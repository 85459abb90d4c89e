import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { buildCli } from './bundles.ts'

const PAGE = `---
title: P
---

## Procedure

### One <!-- #one -->

\`\`\`bash risk=change
echo data > "$TMPDIR/f"; hb evidence f "$TMPDIR/f"
\`\`\`

### Two <!-- #two -->

\`\`\`bash risk=change
echo two > "$TMPDIR/g"; hb evidence g "$TMPDIR/g"; hb evidence "of-$(id -u)" "$TMPDIR/g"
[ -e GO ] || exit 7
\`\`\`

### Three <!-- #three -->

\`\`\`ts risk=change
await evidence('h', 'three')
await $\`test -e GO-ON\`
\`\`\`
`
const [ANNA, BEN, GROUP] = [61_001, 61_002, 61_003] as const

/** Two accounts in one group, with a checkout that the group may write. */
describe.runIf(requires('two accounts, one checkout', ['root', 'setpriv']))('two accounts, one checkout', () => {
  let root: string
  let cwd: string
  const as = (uid: number, umask: string, command: string, group: number = GROUP) => {
    const home = join(root, `home-${uid}`)
    mkdirSync(home, { recursive: true })
    chownSync(home, uid, uid)
    const script = `umask ${umask}; cd ${cwd}; handbook() { ${process.execPath} ${join(buildCli(), 'handbook.cjs')} "$@"; }; ${command}`
    const args = ['--reuid', `${uid}`, '--regid', `${uid}`, '--groups', `${group}`, 'bash', '-c', script]
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      NO_COLOR: '1',
      TZ: 'UTC',
      TOKEN: 'x7Kq-secret-9Lm2',
    }
    const { stdout, stderr, status } = spawnSync('setpriv', args, { env, encoding: 'utf8' })
    return { text: `${stdout}${stderr}`.replaceAll(/\s+/g, ' '), status }
  }
  const lastRun = () => readdirSync(join(cwd, '.handbook/runs')).toSorted().at(-1) ?? ''
  const setUp = (shareEvidence = false) => {
    writeFileSync(
      join(cwd, 'handbook.yaml'),
      `url: https://x.example\nenvironments: { production: { auto: change, shareEvidence: ${shareEvidence}, secrets: { token: { env: TOKEN, for: read } } } }\n`,
    )
    mkdirSync(join(cwd, 'runbooks'))
    writeFileSync(join(cwd, 'runbooks/p.md'), PAGE)
    for (const file of ['', 'handbook.yaml', 'runbooks', 'runbooks/p.md']) chownSync(join(cwd, file), ANNA, GROUP)
    chmodSync(cwd, 0o2770)
  }
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'two-accounts-'))
    chmodSync(root, 0o755)
    cwd = join(root, 'work')
    mkdirSync(cwd)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  test.each(['002', '022', '077'])(
    'the record is the group’s, and evidence its owner’s, whatever the umask (%s)',
    umask => {
      setUp()
      expect(as(ANNA, umask, 'handbook run p --env production --auto')).toMatchObject({ status: 1 })
      const run = lastRun()
      expect(as(BEN, umask, 'handbook runs list').text).toContain(run)
      expect(as(BEN, umask, `handbook runs show ${run}`)).toMatchObject({ status: 0 })
      expect(as(BEN, umask, `handbook runs verify ${run}`)).toMatchObject({ status: 0 })
      const evidence = join(cwd, '.handbook/runs', run, 'evidence/one/f')
      expect(statSync(evidence).mode & 0o777).toBe(0o600)
      expect(as(BEN, umask, `cat ${evidence}`).text).toContain('Permission denied')
      writeFileSync(join(cwd, 'GO'), '')
      const first = as(BEN, umask, `handbook runs resume ${run} --auto`)
      expect(first.text).toMatch(/✓ passed .* ▸ Three .* FAILED/)
      writeFileSync(join(cwd, 'GO-ON'), '')
      const second = as(ANNA, umask, `handbook runs resume ${run} --auto`)
      expect(second.text).toContain('PASSED')
      expect(second.status).toBe(0)
      expect(first.text + second.text).not.toMatch(/was (?:not kept|removed)|Permission denied|EACCES/)
      const of = (file: string) => statSync(join(cwd, '.handbook/runs', run, 'evidence', file)).uid
      // What an earlier try left is not written over.
      const files = ['one/f', 'two/g', 'two/g-2', 'three/h', 'three/h-2']
      expect(files.map(of)).toEqual([ANNA, ANNA, BEN, BEN, ANNA])
      expect(as(ANNA, umask, `handbook runs show ${run}`).text).toContain('Resumed by')
    },
    120_000,
  )

  test('an environment that shares evidence shares it with the group', () => {
    setUp(true)
    as(ANNA, '077', 'handbook run p --env production --auto')
    const evidence = join(cwd, '.handbook/runs', lastRun(), 'evidence/one/f')
    expect(as(BEN, '077', `cat ${evidence}`).text.trim()).toBe('data')
  }, 60_000)

  test('what a colleague may not read says whose it is', () => {
    setUp()
    as(ANNA, '077', 'handbook run p --env production --auto')
    const run = lastRun()
    const ledger = join(cwd, '.handbook/runs', run, 'ledger.ndjson')
    chmodSync(ledger, 0o600)
    for (const command of ['list', `show ${run}`, `export ${run}`, `cancel ${run}`]) {
      const { text } = as(BEN, '077', `handbook runs ${command}`)
      expect(text, command).toContain(`uid ${ANNA}`)
      expect(text, command).not.toContain('There is no run')
    }
    expect(readFileSync(ledger, 'utf8')).toContain('run.started')
  }, 60_000)
})
