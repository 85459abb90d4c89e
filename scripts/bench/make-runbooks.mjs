import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A handbook of that many runbooks, in so many folders, each with three typed ts blocks and two bash blocks, no two of them alike. */
export async function makeRunbooks(folder, count, folders = 0) {
  await mkdir(join(folder, 'runbooks'), { recursive: true })
  for (let number = 0; number < folders; number++) await mkdir(join(folder, 'runbooks', `part-${number}`))
  await writeFile(join(folder, 'handbook.yaml'), HANDBOOK)
  for (let number = 0; number < count; number++) {
    const place = folders === 0 ? 'runbooks' : `runbooks/part-${number % folders}`
    await writeFile(join(folder, place, `runbook-${number}.md`), writeRunbook(number))
  }
}

const HANDBOOK = `url: https://handbook.example
target:
  url: { type: string, description: Where the service answers }
  storagePath: { type: string, description: The volume }
services: [api]
owners:
  storage: { name: Storage, contact: "#storage", description: The volume }
`

/** A runbook; its number makes it unlike all others. */
export function writeRunbook(number) {
  return `---
title: Volume ${number} is filling up
owner: storage
params:
  staleAfter: { type: duration, default: 24h, description: Partial uploads older than this may go }
  limit: { type: integer, default: ${number % 100}, min: 0, max: 100 }
reviewed: 2026-11-22
---

Uploads are refused when volume ${number} is full. Look at [the first cause](#usage) first.

## Meaning

Less than **5 %** of volume ${number} is free, and at the pace of the last hour it will be full within four hours.

## Impact

Once it is full, new uploads are refused with \`507 Insufficient Storage\`. What was acknowledged is safe.

| free | what happens |
| --- | --- |
| 5 % | this alert |
| 0 % | uploads are refused |

## Diagnose

### How full is the volume? <!-- #usage -->

\`\`\`ts
const out = await $\`df --output=pcent \${target.storagePath}\`
const percent = Number.parseInt(out.stdout.split('\\n')[1] ?? '')
if (percent < params.limit) ruleOut(\`volume ${number} is \${percent}% full\`)
return { percent, volume: ${number} }
\`\`\`

### Are stale partial uploads the cause? <!-- #partials -->

\`\`\`bash
stale=$(find "$TARGET_STORAGE_PATH" -name '*.partial' -mmin +"\${STALE_AFTER%h}" | wc -l)
if [ "$stale" -gt ${number % 7} ]; then
  hb suggest purge-partials "$stale stale partial uploads, $STEP_USAGE_PERCENT% full"
fi
\`\`\`

### Does the service answer? <!-- #answers -->

\`\`\`ts
const answer = await http(target.url)
if (answer.status === 200 && steps.usage.percent < ${50 + (number % 50)}) ruleOut('it answers')
return { status: answer.status }
\`\`\`

## Mitigate

### Delete stale partial uploads <!-- #purge-partials -->

\`\`\`bash irreversible="they were never acknowledged"
find "$TARGET_STORAGE_PATH" -name '*.partial' -mmin +${60 + (number % 60)} -delete
\`\`\`

## Verify

### The volume has room again <!-- #room -->

\`\`\`ts retries=3 every=2s
const out = await $\`df --output=pcent \${target.storagePath}\`
expect(Number.parseInt(out.stdout.split('\\n')[1] ?? '')).toBeLessThan(${90 - (number % 10)})
\`\`\`

## Roll back

There is nothing to take back: what was deleted was never acknowledged.

## Escalate

Call the owner of the storage after 15 minutes.

## Prevent

1. Alert earlier.
2. Expire partial uploads by themselves.
`
}
