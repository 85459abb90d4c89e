import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guardBash, runsInShell } from '../../src/plugin/index.ts'
import type { Param } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { paste } from './shell.ts'

const staleAfter: Param = { name: 'staleAfter', type: 'duration', default: '24h', secret: false }
const context = {
  command: 'npx handbook run sample --step one',
  params: [staleAfter],
  steps: [
    { id: 'usage', title: 'How full is the volume?' },
    { id: 'usage-of-inodes', title: 'And the inodes?' },
  ],
  target: { storagePath: { description: "The storage volume's mount point" } },
}
const guard = (code: string, more: Partial<typeof context> = {}) => guardBash(code, { ...context, ...more })

describe('a pasted block', () => {
  it('ends at the first failure, and the shell stays as it was', async () => {
    const { stdout, status } = await paste(`${guard('kept=no\nfalse\necho never')}\necho "[$kept] [$-]" | tr -d ei`)
    expect(stdout).not.toContain('never')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^\[\] \[[^\]]*\]$/m)
  })

  it('tells its failure', async () => {
    expect((await paste(guard('exit 3'))).status).toBe(3)
    expect((await paste(guard('false | true'))).status).toBe(1)
    expect((await paste(guard('echo fine'))).status).toBe(0)
  })

  it('does not run on with a variable that nobody set', async () => {
    const { stdout, status } = await paste(guard('echo before\necho "rm -r $WHERE/"'))
    expect(stdout).not.toContain('rm -r')
    expect(status).toBe(1)
  })

  it('reads to its end: here documents, case patterns, comments, a trailing backslash', async () => {
    const code = 'case a in a) cat <<END ;; esac\n$((1 + 1)) )\nEND\necho ")" # )\necho done \\'
    const { stdout, status } = await paste(guard(code))
    expect(stdout).toContain('2 )\n)\ndone')
    expect(status).toBe(0)
  })
})

describe('a parameter', () => {
  it('has its default, and keeps what is set', async () => {
    const text = guard('printenv STALE_AFTER')
    expect((await paste(text)).stdout).toContain('24h')
    expect((await paste(text, 'bash', { STALE_AFTER: '6h' })).stdout).toContain('6h')
  })

  it('is asked for when it has none', async () => {
    const params = [{ name: 'upload', type: 'string', description: 'The upload’s id', secret: false }] satisfies Param[]
    const { stdout, stderr, status } = await paste(guard('echo before; echo "$UPLOAD"', { params }))
    expect(stdout).not.toContain('before')
    expect(stderr).toContain('The upload’s id')
    expect(status).not.toBe(0)
  })

  it('is left out where the block does not use it', () => {
    expect(guard('echo "$STALE_AFTERWARDS"')).not.toContain('STALE_AFTER=')
  })

  it('may default to any text, and none of it runs', async () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
    const shellish = fc.stringMatching(/^[`$(){}"'\\;&|<>!*?~# a-z]{1,20}$/)
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, shellish), async value => {
        fc.pre(value !== '')
        const params = [{ ...staleAfter, type: 'string', default: value } satisfies Param]
        const { stdout } = await paste(guard('printf "<%s>" "$STALE_AFTER"', { params }))
        expect(stdout).toContain(`<${value}>`)
      }),
      { numRuns: 40 },
    )
  })
})

describe('what a run would have known', () => {
  it('is asked for before anything runs, in the words of the handbook', async () => {
    const { stdout, stderr, status } = await paste(guard('echo before\ndf "$TARGET_STORAGE_PATH"'))
    expect(stdout).not.toContain('before')
    expect(stderr).toContain('TARGET_STORAGE_PATH: is not set: The storage volume’s mount point')
    expect(status).not.toBe(0)
  })

  it('is used when it is set', async () => {
    const { stdout } = await paste(guard('echo "$TARGET_STORAGE_PATH"'), 'bash', { TARGET_STORAGE_PATH: '/srv/up' })
    expect(stdout).toContain('/srv/up')
  })

  it('names the step that gives a value', () => {
    expect(guard('echo "$STEP_USAGE_PERCENT"')).toContain('How full is the volume')
    expect(guard('echo "$STEP_USAGE_OF_INODES_PERCENT"')).toContain('And the inodes')
  })

  it('is not asked for where the block has a default of its own', () => {
    const code = 'echo "$\u007bSTEP_USAGE_PERCENT:-unknown}"'
    expect(guard(code)).not.toContain(':?')
    expect(guard(`${code} "$STEP_USAGE_PERCENT"`)).toContain(':?')
  })

  it('descriptions are words, never code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[`$(){}"'\\;&|<>!\n a-z]{1,30}$/), async description => {
        const target = { storagePath: { description: `${description}$(echo run >&2)` } }
        const { stdout, stderr, status } = await paste(guard('echo before "$TARGET_STORAGE_PATH"', { target }))
        expect(stdout).not.toContain('before')
        expect(stderr).not.toMatch(/^run$/m)
        expect(status).not.toBe(undefined)
      }),
      { numRuns: 25 },
    )
  })

  it('values that the block gives are shown', async () => {
    expect((await paste(guard('echo "percent=91" >> "$STEP_OUTPUT"'))).stdout).toContain('percent=91')
  })
})

describe('a block can run in any shell', () => {
  const runs = (code: string) => runsInShell(code, { ...context, secrets: ['readKey'] })

  it.each(['df -h', 'echo "$STALE_AFTER"', 'echo a=1 >> "$STEP_OUTPUT"', 'hb rule-out "12 %"', 'x=${STEP_A_B:-none}'])(
    '%s',
    code => expect(runs(code)).toBe(true),
  )

  it.each(['df "$TARGET_URL"', 'echo $STEP_USAGE_FREE', 'hb service api restart', 'curl -H "$READ_KEY"'])(
    'but not %s',
    code => expect(runs(code)).toBe(false),
  )
})

describe('hb, outside a run', () => {
  it('shows what it was told', async () => {
    const { stdout, stderr } = await paste(guard('if true; then hb suggest purge "97 % full"; fi\necho after'))
    expect(stderr).toContain('hb suggest purge 97 % full')
    expect(stdout).toContain('after')
  })

  it('ends the block at rule-out, as a run would', async () => {
    const { stdout, status } = await paste(guard('hb rule-out "12 % full"\necho after'))
    expect(stdout).not.toContain('after')
    expect(status).toBe(0)
  })

  it('does not pretend to reach a service', async () => {
    const { stdout, stderr, status } = await paste(guard('hb service api restart\necho restarted'))
    expect(stdout).not.toContain('restarted')
    expect(stderr).toContain('npx handbook run sample --step one')
    expect(status).toBe(1)
  })
})

it('finds handbook by npx where it is on no path, and never fetches it', async () => {
  const npx = 'npx() { echo "npx $*"; }; export -f npx; PATH=/usr/bin:/bin; hash -r'
  const { stdout } = await paste(
    `${npx}\n${guard('count=$(handbook list | wc -l)\nhandbook runs list\necho "$count"')}`,
  )
  expect(stdout).toContain('npx --no handbook runs list\n1\n')
  expect(guard('echo "npx handbook run x"; bridgectl status')).not.toContain('--no handbook')
})

it('keeps lines in which an interactive bash would look for its history, and gives the history back', async () => {
  const text = guard('echo "one!two"\necho "$!" >&2 || true\nfalse\necho never')
  const { stdout, status } = await paste(`set -H\n${text}\ncase $- in *H*) echo "history is on" ;; esac`)
  expect(stdout).toContain('one!two')
  expect(stdout).toContain('history is on')
  expect(stdout).not.toContain('never')
  expect(status).toBe(0)
})

describe('in a shell that is not bash', () => {
  const text = guard('echo one\nfalse | true\necho two')

  it('dash runs nothing of it', async () => {
    const { stdout, status } = await paste(text, 'dash')
    expect(stdout).not.toContain('one')
    expect(status).not.toBe(undefined)
  })

  it.runIf(requires('a block that is pasted into zsh', ['zsh']))('zsh runs nothing of it, and says why', async () => {
    const { stdout, stderr, status } = await paste(text, 'zsh')
    expect(stdout).not.toContain('one')
    expect(stderr).toContain('start bash')
    expect(status).toBe(1)
  })
})
