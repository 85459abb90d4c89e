import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bash, checkText, guide, ts } from './check-text.ts'

const PARAMS = `---
params:
  staleAfter: { type: duration, default: 24h }
---

`
const RUNBOOK = `## Diagnose

### Look <!-- #look -->

CODE

## Mitigate

### Purge <!-- #purge -->

\`\`\`bash irreversible="gone is gone"
echo purge
\`\`\`

## Verify

### Room <!-- #room -->

\`\`\`bash
df
\`\`\`
`

describe('bash syntax', () => {
  it.each([
    ['an unexpected word', 'if true; then\n  echo\n⟪done', '“done”'],
    [
      'a missing fi',
      'if true; then\n⟪  echo'.replace('⟪  echo', '  ⟪echo').replace('  ⟪', '⟪  '),
      'unexpected end of file',
    ],
    ['a quote that is never closed', 'echo a\n⟪echo "b\necho c', 'matching'],
    ['a here-document that is never closed', 'echo a\n⟪cat <<END\nb', 'never closed by END'],
    ['a broken substitution', '⟪x=$(if true; then echo; )', '“)”'],
  ])('is checked at the page’s line: %s', async (_, code, message) => {
    for (const block of [bash(code), `- ${bash(code).replaceAll('\n', '\n  ')}`]) {
      const { problems, places, marks } = await checkText(guide(bash('echo fine'), block))
      expect(places).toEqual(marks)
      expect(problems).toMatchObject([{ rule: 'bash-syntax', message: expect.stringContaining(message) }])
    }
  })

  it('runs nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handbook-never-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const touch = `touch ${folder}/never`
    const code = `set +n\n${touch} $(${touch})\ntrap "${touch}" EXIT\nexit 3`
    expect((await checkText(guide(bash(code), bash('if')))).problems).toMatchObject([{ rule: 'bash-syntax', line: 15 }])
    expect(readdirSync(folder)).toEqual([])
  })

  it('reads every block to its end', async () => {
    const blocks = [
      'cat <<EOF\n$HOME `date` \\$x\nEOF',
      "echo 'single\n\" quote'",
      'x=${HOME#*/}\necho "${x//\\"/}"',
      'case a in (b) ;; c) echo ;; esac',
    ]
    expect((await checkText(guide(...blocks.map(bash)))).problems).toEqual([])
  })
})

describe('a variable without a value', () => {
  it.each([
    ['misspelt', 'echo "$⟪STALE_AFER"', 'STALE_AFTER (the parameter staleAfter)'],
    ['misspelt in braces', 'echo "${⟪STALE_AFTR}"', 'STALE_AFTER'],
    ['misspelt with a default', 'echo "${⟪STALE_AFTR:-1h}"', 'STALE_AFTER'],
    ['misspelt in a substitution', 'x="$(date -d "$⟪STALE_AFTE")"; echo "$x"', 'STALE_AFTER'],
    ['misspelt in a here-document', 'cat <<EOF\n$⟪STALE_AFTE\nEOF', 'STALE_AFTER'],
    ['misspelt in backticks', 'echo `date -d $⟪STALE_AFTE`', 'STALE_AFTER'],
    ['misspelt in arithmetic', 'echo $(( $⟪STALE_AFTE + 1 ))', 'STALE_AFTER'],
    ['misspelt in a test', 'if [[ $⟪STALE_AFTE == 1h ]]; then echo; fi', 'STALE_AFTER'],
    ['misspelt and lower-case', 'stale=3\necho "$⟪stael"', 'stale'],
    ['never assigned', 'echo "$⟪WHATEVER"', 'Assign it'],
    ['a fact that is not declared', 'echo "$⟪TARGET_STORAGE_PTH"', "TARGET_STORAGE_PATH (the target's storagePath)"],
    ['checked for by :?', 'echo "${⟪STALE_AFTR:?is missing}"', 'STALE_AFTER'],
  ])('is found: %s', async (_, code, hint) => {
    const { problems, places, marks } = await checkText(PARAMS + guide(bash(code)))
    expect(places).toEqual(marks)
    expect(problems).toMatchObject([{ rule: 'bash-variable', hint: expect.stringContaining(hint) }])
  })

  it.each([
    ['of a step that does not exist', 'echo "$⟪STEP_OEN_PERCENT"', 'STEP_ONE_PERCENT'],
    ['of a later step', 'echo "$⟪STEP_THREE_PERCENT"', 'Move the step up'],
    ['of the step itself', 'echo "$⟪STEP_TWO_PERCENT"', 'Move the step up'],
    ['with a default of a step that does not exist', 'echo "${⟪STEP_OEN_PERCENT:-0}"', 'STEP_ONE_PERCENT'],
  ])('is found: a value %s', async (_, code, hint) => {
    const { problems, places, marks } = await checkText(guide(ts('return { percent: 1 }'), bash(code), ts('return 1')))
    expect(places).toEqual(marks)
    expect(problems).toMatchObject([{ rule: 'bash-variable', hint: expect.stringContaining(hint) }])
  })

  it.each([
    [
      'parameters, facts, values',
      'echo "$STALE_AFTER" "${TARGET_STORAGE_PATH%/}" "$HOME" "$STEP_OUTPUT" "$1" "$@" "$?" "$$" "${#}" "$!"',
    ],
    [
      'assignments',
      'A=1 B+=2; export C=3; local D=4; declare -A E=([x]=1); readonly F=1; declare G; echo "$A$B$C$D${E[x]}$F$G"',
    ],
    [
      'loops and reads',
      'for X in 1 2; do echo "$X"; done; while IFS= read -r LINE REST; do echo "$LINE$REST$REPLY"; done; mapfile -t ALL < /dev/null; echo "${ALL[@]}" "${#ALL[@]}"',
    ],
    ['arithmetic', 'for ((i = 0; i < 3; i++)); do echo "$i"; done; (( N = 3 )); echo "$N" $(( M += 1 )) "$M"'],
    ['other ways to assign', 'printf -v P %s x; getopts ab O; : "${Q:=1}"; let "R=1"; let S=2; echo "$P$O$Q$S$OPTARG"'],
    ['defaults', 'echo "${UNKNOWN:-}" "${OTHER-x}" "${THIRD:+y}" "${FOURTH+z}"'],
    ['quotes and escapes', `echo '$NOPE' \\$NOPE $'$NOPE' "\\$NOPE" # $NOPE\nawk '{ print $NF }' /dev/null`],
    ['quoted here-documents', 'cat <<\'EOF\' && cat <<-"END" | cat\n$NOPE\nEOF\n\t$NOPE\n\tEND'],
    ['quotes in a default', 'echo "${X:-\'}\'}" "$HOME" "${Y:-"}"}"'],
    ['a dollar before a quote in quotes', 'echo "$\'" "$HOME" "\'"'],
    ['what another script may set', '. ./settings.sh\necho "$ANYTHING"'],
    ['what eval may set', 'eval "$(cat settings)"\necho "$ANYTHING"'],
    ['case in a substitution', 'x=$(case $HOME in /root) echo a ;; (b) echo b ;; esac); echo "$x"'],
    ['case in a substitution in quotes', 'echo "$(case $HOME in (a) echo a ;; b) echo b ;; esac)" \'$NOPE\''],
    ['a function', 'say() { local text=$1; echo "$text"; }; say hello'],
    ['indirection', 'V=HOME; echo "${!V}" "${!BASH_@}"'],
    ['descriptors', 'exec 3>&1 >&2 2>/dev/null; echo x >&3 &> /dev/null; cat < <(echo y) > >(cat)'],
  ])('is not seen in %s', async (_, code) => {
    expect((await checkText(PARAMS + guide(bash(code)))).problems).toEqual([])
  })

  it.each([
    ['a misspelt key', 'return { percent: 1, freeBytes: 2 }', 'echo "$⟪STEP_ONE_PERCNT"', 'STEP_ONE_PERCENT'],
    ['a key in camelCase', 'return { percent: 1, freeBytes: 2 }', 'echo "$⟪STEP_ONE_FREEBYTES"', 'STEP_ONE_FREE_BYTES'],
    ['a misspelt key with a default', 'return { percent: 1 }', 'echo "${⟪STEP_ONE_PERCNT:-0}"', 'STEP_ONE_PERCENT'],
    ['a key of a number', 'return 3', 'echo "$⟪STEP_ONE_PERCENT"', 'default'],
    ['a value of a step that returns none', 'echo(1)', 'echo "$⟪STEP_ONE_VALUE"', 'default'],
  ])('is found by the type of the value: %s', async (_, value, code, hint) => {
    const { problems, places, marks } = await checkText(guide(ts(value), bash(code)))
    expect(places).toEqual(marks)
    expect(problems).toMatchObject([{ rule: 'bash-variable', hint: expect.stringContaining(hint) }])
  })

  it.each([
    ['return { percent: 1, freeBytes: 2 }', 'echo "$STEP_ONE_PERCENT$STEP_ONE_FREE_BYTES"'],
    ['return 3', 'echo "$STEP_ONE_VALUE"'],
    ["return ['a']", 'echo "$STEP_ONE_VALUE"'],
    ["return JSON.parse('{}')", 'echo "$STEP_ONE_ANYTHING"'],
    ['const all: Record<string, number> = {}\nreturn all', 'echo "$STEP_ONE_ANYTHING"'],
    ['return Math.random() > 1 ? { a: 1 } : { b: 2 }', 'echo "${STEP_ONE_A:-}"'],
    ['if (Math.random() > 1) return\nreturn { a: 1 }', 'echo "$STEP_ONE_A"'],
    ['return { a: 1 ', 'echo "$STEP_ONE_A"'],
  ])('is not seen where the type of the value allows it: %j', async (value, code) => {
    const { problems } = await checkText(guide(ts(value), bash(code)))
    expect(problems.filter(({ rule }) => rule !== 'types')).toEqual([])
  })

  it.each([
    ['echo free=1 >> "$STEP_OUTPUT"', 'echo "$STEP_ONE_⟪FEE"', 'STEP_ONE_FREE'],
    [`jq -r '"free=\\(.free)"' x.json >> "$STEP_OUTPUT"`, 'echo "${STEP_ONE_⟪FRE:-}"', 'STEP_ONE_FREE'],
  ])('is found when it nearly is a key that a bash block writes: %j', async (value, code, hint) => {
    const { problems } = await checkText(guide(bash(value), bash(code.replace('⟪', ''))))
    expect(problems).toMatchObject([{ rule: 'bash-variable', line: 12, hint: `Did you mean ${hint}?` }])
  })

  it.each([
    ['echo free=1 >> "$STEP_OUTPUT"', 'echo "$STEP_ONE_FREE"'],
    ['echo free-bytes=1 >> "$STEP_OUTPUT"', 'echo "$STEP_ONE_FREE_BYTES"'],
    ['cat facts >> "$STEP_OUTPUT"', 'echo "$STEP_ONE_FREE"'],
    ['LC_ALL=C df >> "$STEP_OUTPUT"', 'echo "$STEP_ONE_FREE"'],
  ])('is not seen where a bash block may write it: %j', async (value, code) => {
    expect((await checkText(guide(bash(value), bash(code)))).problems).toEqual([])
  })

  it('is not looked for when front matter cannot be read', async () => {
    const { problems } = await checkText(`---\nparams: [\n---\n\n${guide(bash('echo "$STALE_AFTER"'))}`)
    expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(['front-matter']))
  })
})

describe('a call of hb', () => {
  it.each([
    ['an unknown verb', 'hb ⟪sugest purge why', 'hb-verb', 'suggest'],
    ['no verb', '⟪hb', 'hb-verb', 'hb --help'],
    ['too few words', 'hb ⟪rule-out', 'hb-verb', 'hb --help'],
    ['a step that does not exist', 'hb suggest ⟪purge-al "why"', 'suggests-a-step', 'id'],
    [
      'a step of another phase',
      'if true; then hb suggest "⟪room" "why"; fi'.replace('"⟪room"', '⟪"room"'),
      'suggests-a-step',
      'id',
    ],
    ['a step in a list of commands', 'true && ! false || hb suggest ⟪prge "why"', 'suggests-a-step', 'purge'],
    ['an unknown service', 'hb service ⟪apy logs', 'known-service', 'api'],
    ['a silence that is not whole', 'hb ⟪silence --alert Slow', 'hb-verb', 'hb --help'],
    ['an unknown action', 'hb service api ⟪reboot', 'hb-verb', 'hb --help'],
  ])('is found: %s', async (_, code, rule, hint) => {
    const { problems, marks } = await checkText(RUNBOOK.replace('CODE', bash(code)))
    const found = problems.filter(({ rule }) => /^(?:hb-verb|suggests-a-step|known-service)$/.test(rule))
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
    expect(found).toMatchObject([{ rule, hint: expect.stringContaining(hint) }])
  })

  it.each([
    'hb suggest purge "why" 3',
    'hb suggest "$x" why',
    'if df | grep -q 9; then hb suggest purge "it is $(date)"; fi',
    'hb evidence df <(df)',
    'hb service api logs > /dev/null 2>&1',
    'echo hb nonsense',
    "x='hb nonsense'",
    'hb "$verb"',
  ])('is left alone: %s', async code => {
    const { problems } = await checkText(RUNBOOK.replace('CODE', bash(`x=1 verb=skip\n${code}`)))
    expect(problems.filter(({ rule }) => /^(?:hb-verb|suggests-a-step|known-service|bash)/.test(rule))).toEqual([])
  })
})

describe('a step that only reads', () => {
  it('may not change a service, nor have the secrets for it', async () => {
    const code = 'hb service api logs\nhb service api ⟪restart\necho "$READ_TOKEN" "$⟪WRITE_TOKEN"'
    const { problems, marks } = await checkText(RUNBOOK.replace('CODE', bash(code)))
    const found = problems.filter(({ rule }) => rule === 'hb-verb' || rule === 'bash-variable')
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
    expect(found[0]?.message).toBe('A step that only reads may not restart a service')
  })

  it('is told so in TypeScript, too', async () => {
    const code =
      "await service('api', 'logs')\nawait service('api', ⟪'restart')\necho(secret('readToken'), secret(⟪'writeToken'))"
    const { problems, marks } = await checkText(RUNBOOK.replace('CODE', ts(code)))
    const found = problems.filter(({ rule }) => rule === 'types')
    expect(found.map(({ line, column }) => `${line}:${column}`)).toEqual(marks)
    expect(found.map(({ message }) => message)).toEqual([
      'A step that only reads may not restart a service (TS2345)',
      'handbook.yaml declares no secret writeToken for steps that only read (TS2345)',
    ])
  })

  it('differs from one that changes something', async () => {
    const both = guide(
      bash('hb service api restart\necho "$READ_TOKEN" "$WRITE_TOKEN"'),
      ts("await service('api', 'restart')\necho(secret('readToken'), secret('writeToken'))"),
    )
    expect((await checkText(both)).problems).toEqual([])
  })
})
