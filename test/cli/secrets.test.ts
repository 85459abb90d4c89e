import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AWKWARD_SECRETS } from '../secrets/awkward-secrets.ts'
import { SPELLINGS } from '../secrets/spellings.ts'
import { createHandbook } from './handbook.ts'

const secrets = Object.values(AWKWARD_SECRETS)
const names = secrets.map((_, index) => `s${index}`)

/** Everything that a step can say, with every secret, in the spellings of real programs. */
const PAGE = `---
title: It tells all
params:
  pin: { type: string, default: none, secret: true }
---
## Diagnose

### Printed by bash <!-- #bash -->

\`\`\`bash
for name in ${names.map(name => name.toUpperCase()).join(' ')} PIN; do
  secret=\${!name}
  printf '%s\\n' "$secret"; printf '%s\\n' "$secret" >&2
  printf '%q\\n' "$secret"; printf '%s\\n' "\${secret@Q}"; declare -p secret
  for before in '' u us; do printf '%s%s' "$before" "$secret" | base64; printf '%s%s' "$before" "$secret" | base64 -w 0; echo; done
  printf '%s' "$secret" | od -An -tx1; printf '%s' "$secret" | od -An -v -tx1 | tr -d ' \\n'; echo
  (set -x; : "$secret") 2>&1
  half=$(( \${#secret} / 2 ))
  printf '%s' "\${secret:0:half}"; sleep 0.02; printf '%s\\n' "\${secret:half}"
  printf '%s' "\${secret:0:half}"; sleep 0.02; printf '%s\\n' "\${secret:half}" >&2; sleep 0.02
  printf 'with %s in it\\n' "$secret" > kept; hb evidence "about $secret" kept
  printf '%s\\n' "$secret" > "$HB_EVIDENCE/unsaid-$name"
  hb suggest mend "since $secret" > /dev/null
done
echo "value=$S0" >> "$STEP_OUTPUT"
\`\`\`

### Printed by TypeScript <!-- #typescript -->

\`\`\`ts
const all = [${names.map(name => `secret('${name}')`).join(', ')}, params.pin]
for (const one of all) {
  console.log(one, [one], { one }); console.error(JSON.stringify(one), JSON.stringify(JSON.stringify({ one })))
  console.log(encodeURIComponent(one), new URLSearchParams({ one }).toString(), Buffer.from(one).toString('base64url'), Buffer.from(one).toString('hex'))
  await $\`printf '%s\\n' \${one}\`
  await evidence('object ' + one, { [one]: [one] })
}
return { all, keyed: Object.fromEntries(all.map(one => [one, 1])) }
\`\`\`

${secrets
  .map(
    (_, index) => `### Fails with ${index} <!-- #fails-${index} -->

\`\`\`ts
${index % 3 === 0 ? `ruleOut('no ' + secret('s${index}'))` : index % 3 === 1 ? `throw new Error('refused ' + secret('s${index}'))` : `await $\`printf '%s' \${secret('s${index}')} >&2; exit 3\``}
\`\`\`
`,
  )
  .join('\n')}
### Is cut off <!-- #cut -->

\`\`\`bash timeout=1500ms
printf '%s' "\${S0:0:12}"; sleep 30
\`\`\`

### Has no secret for changes <!-- #less -->

\`\`\`bash
echo "then \${CHANGING-none}; $(env | grep -c '^HELD_BY_THE_RUNNER=') inherited"
\`\`\`

## Mitigate

### Mend <!-- #mend -->

\`\`\`bash
test "$CHANGING" = only-for-changes-31337 && echo "all is there"; echo "$CHANGING"
\`\`\`

## Verify

### Works <!-- #works -->

\`\`\`bash
true
\`\`\`
`

let handbook: Awaited<ReturnType<typeof createHandbook>>
const shown: Record<string, string> = {}

beforeAll(async () => {
  handbook = await createHandbook()
  handbook.write('runbooks/telling.md', PAGE)
  for (const [index, secret] of secrets.entries()) handbook.write(`secrets/${index}`, `${secret}\n`)
  const sources = names.map(
    (name, index) => `      ${name}: { ${index % 2 === 0 ? 'file: ' : 'command: cat '}secrets/${index}, for: read }\n`,
  )
  handbook.write(
    'handbook.yaml',
    `url: https://x.example\nenvironments:\n  staging:\n    auto: danger\n    secrets:\n${sources.join('')}      changing: { env: HELD_BY_THE_RUNNER }\n`,
  )
  const run = (options: string) =>
    handbook.shell(
      `HELD_BY_THE_RUNNER=only-for-changes-31337 $HANDBOOK run telling --env staging --auto --param pin=pin-of-somebody-90210 ${options}`,
    )
  const terminal = await run('')
  shown.terminal = terminal.stdout + terminal.stderr
  const events = await run('--json')
  shown.events = events.stdout + events.stderr
  const runs = join(handbook.cwd, '.handbook/runs')
  for (const id of readdirSync(runs)) {
    for (const format of ['markdown', 'json', 'ndjson', 'junit', 'html']) {
      const file = join(handbook.root, `${id}.${format}`)
      const { stderr } = await handbook.run('runs', 'export', id, '--format', format, '--output', file)
      shown[`${format} of ${id}`] = readFileSync(file, 'utf8') + stderr
    }
    shown[`show ${id}`] = (await handbook.run('runs', 'show', id)).stdout
  }
  for (const entry of readdirSync(runs, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    shown[relative(runs, path)] = `${entry.name}\n${entry.isFile() ? readFileSync(path, 'utf8') : ''}`
  }
  writeFileSync(join(handbook.root, 'shown.json'), JSON.stringify(shown))
}, 240_000)
afterAll(() => handbook.remove())

/** Hashes, times and ids hold any four characters sooner or later. */
function dropNumbers(text: string): string {
  return text.replace(
    /\b[0-9a-f]{16,64}\b|\d{4}-\d\d-\d\dT[\d:.]+Z|\d{8}-\d{6}-\w{4}|"(?:pid|seconds|start)":[^,}]*|"offset": [\d.]+/g,
    '',
  )
}

test('the run told all that it was to tell', () => {
  expect(shown.terminal).toContain('all is there')
  expect(shown.terminal).toContain('then none; 0 inherited')
  expect(Object.keys(shown).filter(name => name.includes('evidence/bash/')).length).toBeGreaterThanOrEqual(
    2 * 2 * (secrets.length + 1),
  )
  for (const [place, text] of Object.entries(shown)) {
    if (/^(?:terminal|events|html|json|ndjson|junit|show)/.test(place))
      expect(text.split('[redacted]').length, place).toBeGreaterThan(100)
  }
})

test.each(
  Object.entries({
    ...AWKWARD_SECRETS,
    'a secret parameter': 'pin-of-somebody-90210',
    'for changes': 'only-for-changes-31337',
  }),
)('nothing of it is anywhere: %s', (_, secret) => {
  const forms = Object.entries(SPELLINGS).map(([name, spell]) => [name, strip(spell, secret)] as const)
  const leaks = Object.entries(shown).flatMap(([place, text]) => {
    const searched = dropNumbers(text)
    return forms.flatMap(([name, form]) => (searched.includes(form) ? `${place}: ${name}` : []))
  })
  expect(leaks).toEqual([])
})

test('the beginning of a secret that a timeout cut off is hidden as well', () => {
  expect(shown.terminal).toContain('▸ Is cut off #cut\n    │ [redacted]\n')
})

/** What a spelling makes of the secret alone, without what it puts around it. */
function strip(spell: (text: string) => string, secret: string): string {
  const text = spell(secret)
  const around = spell('')
  let start = 0
  while (start < around.length && text[start] === around[start]) start++
  const end = around.length - start
  return end > 0 && text.endsWith(around.slice(start)) ? text.slice(start, -end) : text.slice(start)
}
