import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseDuration } from '../../../src/base/index.ts'
import { quantitiesFileSchema } from '../../../src/environments/index.ts'
import { MISSED, RENEWS } from '../../../src/journal/file-store/claim-lease.ts'
import { WORDS } from '../../../src/journal/incident/fold-incident.ts'
import { readCodeValue } from '../../../src/lint/quantities/code-marks.ts'
import { PATIENCE as SECRET_PATIENCE } from '../../../src/operate/open/read-secrets.ts'
import { GRACE } from '../../../src/operate/runs/cancel-run.ts'
import { PATIENCE as APPROVAL_PATIENCE } from '../../../src/runner/approval/await-approval.ts'
import { OUTPUT_LIMITS } from '../../../src/runner/keep-output.ts'
import { VALID_FOR } from '../../../src/runner/plan.ts'
import { LINK_LASTS } from '../../../src/server/entrance/invitations.ts'
import { COOKIE_LASTS } from '../../../src/server/entrance/open-entrance.ts'
import { EVERY as ASKED_EVERY, BLIND_AFTER } from '../../../src/server/now/poll-sources.ts'
import { wanted } from '../../../src/server/plots/add-plots.ts'
import { GONE_AFTER } from '../../../src/server/runs/watchers.ts'
import { SENT_FOR } from '../../../src/theme/Live/connection/send-press.ts'
import { EVERY as SEEN_EVERY } from '../../../src/theme/Live/run/WhoIsHere.tsx'

const quantities = quantitiesFileSchema.parse(parse(readFileSync('docs/quantities.yaml', 'utf8')))

describe('a quantity that stands in code as well is the same there', () => {
  it.each([
    ['sev1-first-word', WORDS.SEV1?.first],
    ['sev1-next-word', WORDS.SEV1?.later],
    ['sev2-first-word', WORDS.SEV2?.first],
    ['sev2-next-word', WORDS.SEV2?.later],
    ['link-lasts', LINK_LASTS],
    ['session-lasts', COOKIE_LASTS],
    ['sources-asked-every', ASKED_EVERY],
    ['source-blind-after', BLIND_AFTER],
    ['press-sent-again', SENT_FOR],
    // A window that is cut off is forgotten, and then the others ask once more.
    ['watcher-gone', GONE_AFTER + SEEN_EVERY],
    // The run sees the request, and then ends its step.
    ['far-run-ends', GRACE * 2],
    ['lock-lost-after', RENEWS * MISSED],
    ['approval-valid', parseDuration(VALID_FOR)],
    ['approval-awaited', APPROVAL_PATIENCE],
    ['secret-command', SECRET_PATIENCE],
  ])('a time: %s', (id, milliseconds = Number.NaN) => {
    expect(readCodeValue(quantities[id]?.value ?? '')).toBe(milliseconds / 1000)
  })

  it.each([
    ['output-shown', OUTPUT_LIMITS.told],
    ['output-kept', OUTPUT_LIMITS.file],
  ])('a size: %s', (id, bytes) => {
    expect(readCodeValue(quantities[id]?.value ?? '')).toBe(bytes)
  })

  // The number that a program keeps to itself, and how many of it are one of the quantity's unit.
  it.each([
    ['step-timeout', 'src/procedure/read-step.ts', /DEFAULT_TIMEOUT = (\d+) \* 60_000\n/, 60],
    ['step-retried-every', 'src/procedure/read-step.ts', /DEFAULT_EVERY = (\d+)_000\n/, 1],
    ['notify-takes', 'src/operate/notify.ts', /PATIENCE = (\d+)_000\n/, 1],
    ['notify-takes', 'src/operate/incident/tell-chat.ts', /PATIENCE = (\d+)_000\n/, 1],
    ['starts-give-up', 'static/deployment/upload-bridge-api.service', /StartLimitIntervalSec=(\d+)\n/, 1],
    ['keys-lock-stale', 'src/bridge/storage/folder-lock.ts', /staleAfter = (\d+)_000\n/, 1],
    ['readiness-test', 'src/bridge/telemetry/health.ts', /checkPatience = (\d+)\n/, 0.001],
    ['delivery-broken-off', 'src/bridge/worker/queue-session.ts', /abortDeliveriesAfter = (\d+)\n/, 0.001],
    ['suite-recorded', 'scripts/check-suites.mjs', /DAYS = (\d+)\n/, 86_400],
    ['covered-lines', 'scripts/coverage.mjs', /lines: (\d+),/, 0.01],
    ['covered-branches', 'scripts/coverage.mjs', /branches: (\d+) /, 0.01],
  ])('a number that a program keeps to itself: %s in %s', (id, file, found, one) => {
    const number = Number(found.exec(readFileSync(file, 'utf8'))?.[1] ?? Number.NaN)
    expect(readCodeValue(quantities[id]?.value ?? '')).toBeCloseTo(number * one, 9)
  })

  it.each(['plot-short', 'plot-middle', 'plot-long'])('a time that a plot may be asked for: %s', id => {
    const minutes = String((readCodeValue(quantities[id]?.value ?? '') ?? Number.NaN) / 60)
    expect(wanted.safeParse({ alert: 'UploadBridgeApiDown', minutes })).toMatchObject({ data: { minutes } })
  })
})
