import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { createHandbook, HANDBOOK } from './handbook.ts'

const MOUNTS = requires('runs on full disks', ['root', 'mount', 'unshare'])

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
  handbook.write('handbook.yaml', HANDBOOK)
})
afterEach(() => handbook.remove())

/** A guide whose steps each note that they ran, in a place with room, and then do something. */
function guide(steps: Readonly<Record<string, string>>, risk = 'change'): string {
  const write = ([id, does]: [string, string]) =>
    `### ${id} <!-- #${id} -->\n\n\`\`\`bash risk=${risk}\necho ${id} >> ran\n${does}\n\`\`\`\n`
  return `---\ntitle: Guide\nreviewed: 2026-11-01\n---\n\n## Procedure\n\n${Object.entries(steps).map(write).join('\n')}`
}

const FILL = 'cat /dev/zero 2> /dev/null >> .handbook/fill || true'
const USE_INODES = 'for i in $(seq 2000); do : 2> /dev/null > .handbook/i$i || break; done'
const VOLUME = 'mkdir -p .handbook; mount -t tmpfs -o size=256k,nr_inodes=40 handbook-test .handbook'

/** Runs a script beside a volume under `.handbook` that nobody else sees. */
async function inside(script: string) {
  handbook.write('script.sh', `${VOLUME}\n${script}\n`)
  const { stdout, ...result } = await handbook.shell('unshare -m bash script.sh')
  // A warning that was wrapped goes on further in: it is read as one line here.
  return { ...result, stdout: stdout.replace(/(?<=^ *! .*(?:\n +(?![ ▸✓✗│•!]).*)*)\n +(?![ ▸✓✗│•!])/gm, ' ') }
}

const ran = () => readFileSync(join(handbook.cwd, 'ran'), 'utf8').trim().split('\n')
const RUN = '$HANDBOOK run page --env staging --auto; echo "exit $?"'
const SHOW = `RUN=$($HANDBOOK runs list --json | jq -r '.runs[0].id'); $HANDBOOK runs show "$RUN"; echo "shown $?"`

describe.runIf(MOUNTS)('a run on a disk without room', () => {
  test.each([
    ['no room before it starts', FILL],
    ['little room before it starts', 'head -c 245760 /dev/zero > .handbook/fill'],
    ['no inodes before it starts', USE_INODES],
    ['a disk that is read-only before it starts', 'mount -o remount,ro .handbook'],
  ])('is recorded in the state folder: %s', async (_, before) => {
    handbook.write('runbooks/page.md', guide({ one: 'true', two: 'echo fine' }))
    const { stdout, stderr } = await inside(`${before}\n${RUN}\n${SHOW}`)
    expect(stderr).not.toMatch(/defect|^ +at /m)
    expect(stdout).toContain(
      `! the record of this run is kept in ${handbook.home}/.local/state/handbook/checkouts/work-`,
    )
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n/)
    expect(stdout).toMatch(/ledger consistent[\s\S]*shown 0\n$/)
    expect(ran()).toEqual(['one', 'two'])
  })

  const outsets: [string, string][] = [
    ['room', FILL],
    ['inodes', USE_INODES],
    ['either', `${USE_INODES}\n${FILL}`],
  ]
  test.each(
    outsets.flatMap(([what, use]) =>
      ['one', 'two', 'three'].map((step): [string, string, string] => [what, step, use]),
    ),
  )('uses its reserve when no %s is left after step %s', async (_, step, use) => {
    const steps = { one: 'true', two: 'seq 700', three: 'true' }
    handbook.write('runbooks/page.md', guide({ ...steps, [step]: use }))
    const { stdout, stderr } = await inside(`${RUN}\n${SHOW}`)
    expect(stderr).not.toMatch(/defect|^ +at |not whole/m)
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n/)
    expect(stdout).not.toContain('no lock')
    expect(stdout.match(/✓ passed/g)).toHaveLength(6)
    expect(stdout).toMatch(/ledger consistent[\s\S]*shown 0\n$/)
    expect(ran()).toEqual(['one', 'two', 'three'])
  })

  test('makes good what had no room once there is some, and says both', async () => {
    handbook.write('runbooks/page.md', guide({ one: FILL, two: 'seq 2000', three: 'rm .handbook/fill' }))
    const { stdout } = await inside(`${RUN}\ncat .handbook/runs/*/ledger.ndjson | jq -r .type | tail -1`)
    expect(stdout).toContain('! the record of this run goes on in the room that it had reserved: ENOSPC')
    expect(stdout).toContain('! the record of this run is complete again')
    expect(stdout).toMatch(/exit 0\nrun.finished\n$/)
  })

  test('records a flood of output as far as there is room, and that the rest was not kept', async () => {
    const flood = `${FILL}\nfor i in $(seq 900); do echo "$i $(printf %070d 0)"; done`
    handbook.write('runbooks/page.md', guide({ one: flood, two: 'true' }))
    const { stdout, stderr } = await inside(`${RUN} > /dev/null 2>&1\n${SHOW}`)
    expect(stderr).not.toMatch(/defect/)
    expect(stdout).toMatch(/were not kept: the record had no room|goes on in .*rests/)
    expect(stdout).toMatch(/PASSED[\s\S]*ledger consistent[\s\S]*shown 0\n$/)
  })

  test('that was killed is resumed there, and repeats nothing', async () => {
    const kill = 'test -e killed || { touch killed; kill -9 "$(cat runner)"; sleep 5; }'
    handbook.write('runbooks/page.md', guide({ one: FILL, two: 'true', three: kill, four: 'true' }))
    const { stdout, stderr } = await inside(
      `$HANDBOOK run page --env staging --auto > told & echo $! > runner; wait $!
      RUN=$($HANDBOOK runs list --json | jq -r '.runs[0].id')
      $HANDBOOK runs resume "$RUN" --auto --interrupted skip; echo "exit $?"; ${SHOW}`,
    )
    expect(stderr).not.toMatch(/defect|✗/)
    expect(stdout).toMatch(/exit 0\n[\s\S]*ledger consistent[\s\S]*shown 0\n$/)
    expect(ran()).toEqual(['one', 'two', 'three', 'four'])
  })

  test('that was resumed when its disk was read-only is known to have reverted what it changed', async () => {
    const page = [
      '---\ntitle: Page\nalerts: [Full]\n---\n\n## Diagnose\n\n### Look <!-- #look -->\n\n```bash\nhb suggest open why\nhb suggest mend why\n```',
      '## Mitigate\n\n### Open <!-- #open -->\n\n```bash temporary\ntrue\n```\n\n### Mend <!-- #mend -->\n\n```bash\ntest -e cause-mended\n```',
      '## Verify\n\n### Well <!-- #well -->\n\n```bash\ntest -e cause-mended\n```',
      '## Roll back\n\n### Close <!-- #close -->\n\n```bash undoes=open\ntrue\n```\n',
    ]
    handbook.write('runbooks/page.md', page.join('\n\n'))
    const found = '$HANDBOOK runs unreverted; $HANDBOOK runs list 2>&1'
    const { stdout } = await inside(
      `${RUN}; touch cause-mended; ${found}\nmount -o remount,ro .handbook\n$HANDBOOK runs resume $(ls .handbook/runs) --auto\necho MENDED; ${found}\nmount -o remount,rw .handbook; ${found}`,
    )
    const [before = '', after = ''] = stdout.split('MENDED')
    expect(before).toMatch(/• Open #open, reverted by #close[\s\S]*HEALED/)
    expect(after.match(/Nothing is unreverted/g)).toHaveLength(2)
    expect(after).toContain('healed')
    expect(after).not.toMatch(/unknown|no ledger|unreverted change/)
  })

  test('says which events are missing when neither reserve nor state folder takes them, and exit code 4 says so, too', async () => {
    const spoil = FILL
    const more = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`more-${index}`, 'seq 100']))
    const page = guide({ one: spoil, ...more }).replace(
      'echo one',
      'truncate -s 0 .handbook/runs/*/reserve/lines\necho one',
    )
    handbook.write('runbooks/page.md', page)
    const { stdout, stderr } = await inside(`: > home-is-a-file; export XDG_STATE_HOME=$PWD/home-is-a-file\n${RUN}`)
    expect(stderr).toMatch(/The record of this run is not whole: events \d+ to \d+ could be written nowhere: ENOSPC/)
    expect(stdout).toMatch(/PASSED[\s\S]*exit 4\n/)
  })

  test('says of evidence that it was not kept, and goes on', async () => {
    const ts = "```ts\nawait evidence('deeper', 'x'.repeat(300_000))\n```\n"
    const page = `${guide({ one: `${FILL}\nhead -c 300000 /dev/zero > big\nhb evidence deep big` })}\n### two\n\n${ts}`
    handbook.write('runbooks/page.md', page)
    const { stdout } = await inside(`${RUN}\n${SHOW}`)
    expect(stdout.match(/! evidence deep(?:er)? was not kept: /g)).toHaveLength(4)
    expect(stdout).toContain('PASSED')
    expect(stdout).toContain('exit 0')
  })
})

const DISKS = requires('runs on a disk that becomes read-only', ['root', 'mount', 'unshare', 'mkfs.ext4', 'losetup'])

describe.runIf(DISKS)('a disk that becomes read-only between two steps', () => {
  /** A disk in a file: after an error it takes nothing any more, not even from files that are open. */
  const DISK = `mkdir -p .handbook; truncate -s 4M disk; mkfs.ext4 -q disk; mount -o loop,errors=remount-ro disk .handbook
    FAIL=/sys/fs/ext4/$(basename "$(findmnt -no SOURCE .handbook)")/trigger_fs_error; echo "$FAIL" > fail`
  const BREAK = 'echo 1 > "$(cat fail)"'
  const onDisk = async (script: string) => {
    handbook.write('script.sh', `${DISK}\n${script}\numount .handbook\n`)
    return handbook.shell('unshare -m bash script.sh')
  }

  test.each(['one', 'two'])('after step %s: its record goes on elsewhere, and is read from there', async step => {
    const steps = { one: 'true', two: 'echo fine', three: 'true' }
    handbook.write('runbooks/page.md', guide({ ...steps, [step]: BREAK }))
    const { stdout, stderr } = await onDisk(`${RUN}\n${SHOW}`)
    expect(stderr).not.toMatch(/defect|^ +at |not whole/m)
    expect(stdout).toMatch(/the record of this run goes on in[\s\S]*EROFS/)
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n/)
    expect(stdout.match(/✓ passed/g)).toHaveLength(6)
    expect(stdout).toMatch(/ledger consistent[\s\S]*shown 0\n$/)
    expect(ran()).toEqual(['one', 'two', 'three'])
  })

  test('says which events are missing when nowhere else takes them, and exit code 4 says so, too', async () => {
    handbook.write('runbooks/page.md', guide({ one: BREAK, two: 'true' }))
    const { stdout, stderr } = await onDisk(`: > file; export XDG_STATE_HOME=$PWD/file\n${RUN}`)
    expect(stderr).toMatch(/The record of this run is not whole: events \d+ to \d+ could be written nowhere: EROFS/)
    expect(stdout).toMatch(/PASSED[\s\S]*exit 4\n/)
    expect(ran()).toEqual(['one', 'two'])
  })
})

/** A folder over itself that takes no new file: those that are open are written on. */
const NO_NEW_FILES = 'mount --bind .handbook .handbook; mount -o remount,bind,ro .handbook'

test.runIf(MOUNTS)(
  'a folder that becomes read-only between two steps keeps the record of a run that has it open',
  async () => {
    handbook.write('runbooks/page.md', guide({ one: NO_NEW_FILES, two: 'seq 700', three: 'true' }))
    const { stdout, stderr } = await inside(`${RUN}\n${SHOW}`)
    expect(stderr).not.toMatch(/defect|^ +at |not whole/m)
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n/)
    expect(stdout).toMatch(/ledger consistent[\s\S]*shown 0\n$/)
    expect(ran()).toEqual(['one', 'two', 'three'])
  },
)

describe.runIf(MOUNTS)('where nothing can be written at all', () => {
  const nowhere = 'mount -o remount,ro .handbook; export HOME=/dev/null/home'

  test('a change is refused, unless somebody gives a reason', async () => {
    handbook.write('runbooks/page.md', guide({ one: 'true' }))
    const refused = await inside(`${nowhere}\n${RUN}`)
    expect(refused.stdout).toContain('exit 3')
    expect(refused.stdout.replace(/\s+/g, ' ')).toMatch(
      /Refused: .*nothing of this run can be recorded: .*--unrecorded REASON/,
    )
    expect(refused.stdout).not.toMatch(/runs (?:resume|export|roll-back)/)
    expect(refused.stdout).toContain(
      'This run is not recorded: it cannot be resumed\nStart a new one: handbook run page\n',
    )
    expect(existsSync(join(handbook.cwd, 'ran'))).toBe(false)
    const run = RUN.replace('--auto', '--auto --unrecorded "the disk is what it repairs"')
    const { stdout, stderr } = await inside(`${nowhere}\n${run}`)
    expect(stdout).toContain('It may change something all the same: the disk is what it repairs')
    expect(stdout).toContain('exit 0')
    expect(stderr).toContain('Nothing of this run is recorded: EROFS')
    expect(stdout).not.toContain('handbook runs')
    expect((await inside(`${nowhere}\n${RUN.replace('--auto', '--auto --unrecorded ""')}`)).stdout).toBe('exit 2\n')
    expect(ran()).toEqual(['one'])
  })

  test('nothing is proposed that needs the record', async () => {
    const page = `${guide({ one: 'true', two: 'false' })}\n### undo <!-- #undo -->\n\n\`\`\`bash undoes=one\ntrue\n\`\`\`\n`
    handbook.write('runbooks/page.md', page.replace('### undo', '## Roll back\n\n### undo'))
    const run = RUN.replace('--auto', '--auto --unrecorded "the disk is what it repairs"')
    const { stdout } = await inside(`${nowhere}\n${run}`)
    expect(stdout).toContain('FAILED')
    expect(stdout).toContain('Roll back: handbook run page --step undo\n')
    expect(stdout).toContain('This run is not recorded: it cannot be resumed\n')
    expect(stdout).not.toMatch(/runs (?:resume|export|roll-back)/)
  })

  test('what only reads runs, and it is said that nothing is recorded', async () => {
    handbook.write('runbooks/page.md', guide({ one: 'true' }, 'read'))
    const { stdout } = await inside(`${nowhere}\n${RUN}`)
    expect(stdout).toMatch(/! this run is not recorded: EROFS/)
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n/)
  })
})

test.runIf(requires('runs by another user', ['root', 'setpriv']))(
  'another user, who may not write in the checkout, has a record in a state folder',
  async () => {
    handbook.write('runbooks/page.md', guide({ one: 'true' }).replace('>> ran', '>> "$HOME/ran"'))
    const { stdout, stderr } = await handbook.shell(
      `chmod 755 .. ; mkdir -p "$HOME/own"; chmod 777 "$HOME/own" "$TMPDIR"; cp -r ${handbook.bundles} ../bundles; chmod -R a+rX ../bundles .
      export HOME=$HOME/own; export HANDBOOK="setpriv --reuid=65534 --regid=65534 --clear-groups $(readlink -f ${process.execPath}) ../bundles/handbook.cjs"
      ${RUN}; ${SHOW}`,
    )
    expect(stderr).toBe('')
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/! the record of this run is kept in \S*: EACCES/)
    expect(stdout).toMatch(/PASSED.*\n.*\nexit 0\n[\s\S]*shown 0\n$/)
  },
)
