import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const HANDBOOK = `title: A small handbook
url: https://handbook.example
pages: [runbooks]
rules: [rules]
proofs: proofs
target:
  storagePath: { type: string, description: The storage volume's mount point }
owners:
  storage: { name: Storage, contact: "#storage" }
environments:
  lab: { lab: true }
`

const RULES = `groups:
  - name: sample
    rules:
      - alert: VolumeFilling
        expr: free < 0.15
        for: 10m
        labels: { severity: critical }
        annotations:
          summary: The volume fills
          description: The volume fills
          runbook_url: https://handbook.example/runbooks/sample
`

/** A runbook without a mistake; tests put theirs into it. */
export const RUNBOOK = `---
title: The volume fills
alerts: [VolumeFilling]
owner: storage
params:
  staleAfter: { type: duration, default: 24h, description: Older ones may go }
drills:
  - { fault: filling, expect: [purge] }
reviewed: 2026-11-22
keywords: ["507", no space left]
---

## Meaning

The volume of \`uploads\` fills.

## Impact

New uploads are refused.

## Diagnose

### How full is it? <!-- #usage -->

\`\`\`ts
const percent = Number(params.staleAfter.length)
if (percent < 1) ruleOut('it is empty')
suggest('purge', 'it is full')
return { percent }
\`\`\`

## Mitigate

### Refuse uploads {#shed}

\`\`\`bash temporary
echo refuse "$STALE_AFTER"
\`\`\`

### Purge <!-- #purge -->

\`\`\`bash risk=danger timeout=2m irreversible="what is purged is gone"
echo purge "$TARGET_STORAGE_PATH" "$STEP_USAGE_PERCENT"
\`\`\`

## Verify

### It has room

\`\`\`bash retries=3 every=1s
df "$TARGET_STORAGE_PATH"
\`\`\`

## Roll back

### Admit uploads

\`\`\`bash undoes=shed
echo admit
\`\`\`

## Escalate

After 15 minutes, call Storage in \`#storage\`.

## Prevent

Let partial uploads expire.
`

/** Lays a small handbook into a folder of its own, with more or other files where a test gives them; gone after the test. */
export async function layHandbook(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'handbook-plugin-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const all = { 'handbook.yaml': HANDBOOK, 'rules/sample.rules.yaml': RULES, 'runbooks/sample.md': RUNBOOK, ...files }
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  return root
}
