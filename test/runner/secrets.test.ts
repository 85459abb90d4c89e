import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { provideRuns } from './provide-runs.ts'
import { tell } from './run-page.ts'

const runs = provideRuns()

const SECRET = 'p@ss>>>>???? "wörd"/+ 42!'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('in a run', () => {
  test('a suggestion comes behind the line that was printed before it, which a secret’s beginning may end', async () => {
    const page = `---
alerts: [A]
---
## Diagnose
### one
\`\`\`bash risk=change
echo 'worker is stopped'
hb suggest mend stopped
\`\`\`
## Mitigate
### mend
\`\`\`bash
true
\`\`\`
## Verify
### ok
\`\`\`bash
true
\`\`\`
`
    const { events } = await runs.run(page, {
      // In base64 it begins with a `d`, behind which a line may be broken.
      secrets: { token: 'ub_5f4dcc3b5aa765d61d83' },
      environment: { secrets: { token: { env: 'T', for: 'change' } } },
    })
    const suggested = events.findIndex(({ type }) => type === 'step.suggested')
    const before = events.slice(0, suggested).flatMap(event => (event.type === 'step.output' ? [event.text] : []))
    expect(before.join('')).toBe('worker is stopped\n')
  })

  test.each([
    [
      'ts',
      "await evidence('log.txt', 'begin\\n')\nfs.appendFileSync(path.join(process.env.HB_EVIDENCE, 'log.txt'), secret('token'))",
    ],
    ['bash', 'echo begin > log.txt; hb evidence log.txt log.txt; echo "$TOKEN" >> "$HB_EVIDENCE/log.txt"'],
    [
      'bash',
      'echo begin > log.txt; hb evidence log.txt log.txt; echo "$TOKEN" > "$HB_EVIDENCE/new"; mv "$HB_EVIDENCE/new" "$HB_EVIDENCE/log.txt"',
    ],
  ])('evidence that changes after it was handed over has no secret, either: %s %s', async (language, code) => {
    const { folder } = await runs.run(`## Checks\n### one\n\`\`\`${language} risk=change\n${code}\n\`\`\`\n`, {
      secrets: { token: SECRET },
      environment: { secrets: { token: { env: 'T', for: 'change' } } },
    })
    const kept = readFileSync(join(folder, 'evidence/one/log.txt'), 'utf8')
    expect(kept).toContain('[redacted]')
    expect(kept).not.toContain(SECRET)
  })

  test('neither events, ledger nor kept files have a secret, wherever a block puts it', async () => {
    const page = `---
alerts: [A]
params: { pin: { secret: true } }
---
## Diagnose
### one
\`\`\`bash risk=change
echo "$TOKEN"; echo "$TOKEN" >&2; printf %s "$TOKEN" | base64 -w0; echo; printf %s "$TOKEN" | od -An -tx1 | tr -d ' \\n'; echo
printf %s "\${TOKEN:0:7}"; sleep 0.1; printf '%s\\n' "\${TOKEN:7}"
echo "found=$TOKEN" >> "$STEP_OUTPUT"
hb suggest mend "with $TOKEN and $PIN"
echo "log $TOKEN" > kept.txt; hb evidence kept kept.txt
\`\`\`
### two
\`\`\`ts risk=change
await evidence('an object', { deep: [secret('token')] })
throw new Error('refused ' + secret('token') + params.pin)
\`\`\`
### three
\`\`\`ts risk=change
ruleOut('not ' + secret('token'))
\`\`\`
## Mitigate
### mend
\`\`\`bash
echo "$STEP_ONE_FOUND"
\`\`\`
## Verify
### ok
\`\`\`bash
true
\`\`\`
`
    const { events, folder } = await runs.run(page, {
      params: { pin: 'pin-8841-x' },
      secrets: { token: SECRET },
      environment: { secrets: { token: { env: 'T', for: 'change' } } },
    })
    expect(tell(events).at(-1)).toBe('= healed')
    expect(tell(events)).toContain('one suggests mend: with [redacted] and [redacted]')
    expect(events[0]).toMatchObject({ params: { pin: '[redacted]' } })
    const kept = [
      JSON.stringify(events),
      readFileSync(join(folder, 'ledger.ndjson'), 'utf8'),
      readFileSync(join(folder, 'evidence/one/kept'), 'utf8'),
    ]
    expect(kept[2]).toBe('log [redacted]\n')
    for (const text of kept) {
      for (const form of [SECRET, JSON.stringify(SECRET).slice(1, -1), base64(SECRET).slice(0, 20), 'pin-8841-x']) {
        expect(text).not.toContain(form)
      }
    }
  })
  test('what bash said last is told with its failure, but nothing of a secret, not even its last line', async () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\n-----END KEY-----'
    const page =
      '## Checks\n### one\n```bash risk=change\necho "${TOKEN:0:30}" >&2; printf "%s\\n" "no $TOKEN" >&2; exit 3\n```\n'
    const { events } = await runs.run(page, {
      secrets: { token: key },
      environment: { secrets: { token: { env: 'T', for: 'change' } } },
    })
    expect(tell(events)).toContain('one failed at 4:1: bash ended with exit code 3: no [redacted]')
  })
})
