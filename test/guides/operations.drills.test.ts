import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { describe, expect, test } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { sendFile, startTraffic } from '../lab/uploads.ts'
import { tell } from '../runner/run-page.ts'
import { provideLab, readText, readValue } from './provide-lab.ts'

const DAILY = 'docs/operations/daily.md'
const WEEKLY = 'docs/operations/weekly.md'
const TROUBLESHOOTING = 'docs/operations/troubleshooting.md'
const FIND = 'docs/operations/find-upload.md'
const INCIDENT = 'docs/incidents/index.md'
const SECURITY = 'docs/incidents/security.md'
const BLIND = 'docs/incidents/when-our-tools-are-down.md'
/** Run in vulnerable-package.drills.test.ts. */
const PACKAGE = 'docs/incidents/vulnerable-package.md'
/** Run in people.drills.test.ts and leaver.drills.test.ts. */
const PEOPLE = ['customer-call', 'hand-over', 'capacity', 'customer-data', 'joiner', 'leaver', 'access-review'].map(
  name => `docs/operations/${name}.md`,
)
const LIMIT = 120_000

test('every page here that runs is run below', () => {
  const pages = ['docs/operations', 'docs/incidents'].flatMap(folder =>
    readdirSync(folder).map(name => join(folder, name)),
  )
  const running = pages.filter(path => parseProcedure(readFileSync(path, 'utf8'), path).phases.length > 0)
  expect(running.sort()).toEqual(
    [DAILY, WEEKLY, TROUBLESHOOTING, FIND, INCIDENT, SECURITY, BLIND, PACKAGE, ...PEOPLE].sort(),
  )
})

describe.runIf(requires('the guides of operations', ['prometheus', 'prometheus-alertmanager', 'jq']))(
  'in a lab',
  () => {
    const { lab, directory, run: runPage } = provideLab({ monitoring: true })
    const bridgectl = async (...args: string[]) => {
      const { binPath, configPath } = lab().status()
      const { stdout } = await execa(join(binPath, 'bridgectl'), args, { env: { UPLOAD_BRIDGE_CONFIG: configPath } })
      return stdout
    }
    const stateOf = async (id: string): Promise<string> =>
      JSON.parse(await bridgectl('uploads', 'show', id, '--json')).state
    const send = async () => {
      const { id = '' } = await sendFile(lab().status().url)
      return id
    }

    test.for([DAILY, TROUBLESHOOTING, INCIDENT, BLIND])(
      '%s passes on a healthy deployment',
      { timeout: LIMIT },
      async path => {
        // Without uploads, nobody knows how many of them fail.
        const traffic = startTraffic(lab().status().url)
        try {
          const outcome = async () => (await runPage(path)).ending.outcome
          // Prometheus has to see some of it.
          if (path === INCIDENT) await expect.poll(outcome, { timeout: LIMIT / 2 }).toBe('passed')
          else {
            const run = await runPage(path)
            expect(run.ending.outcome, tell(run.events).join('\n')).toBe('passed')
          }
        } finally {
          await traffic.stop()
        }
      },
    )

    test('the weekly routine finds that nobody made backups, and nothing else', {
      timeout: 3 * LIMIT,
    }, async () => {
      const { events } = await runPage(WEEKLY)
      const ends = tell(events).filter(line => /^[\w-]+ (?:passed|failed|skipped)/.test(line))
      expect(ends.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'budget passed',
        'fired passed',
        'partials passed',
        'certificate skipped:',
        'keys passed',
        'drift passed',
        'pages passed',
        'reviews passed',
        'backups failed',
      ])
      expect(ends.at(-1)).toContain('npx handbook run back-up')
    })

    // Before any upload is refused, which counts for 5 minutes.
    test('an API that is gone is SEV2 at least until it is gone for 5 minutes, and named with its runbook', {
      timeout: LIMIT,
    }, async () => {
      await lab().break('api-killed')
      try {
        const severity = async () => tell((await runPage(INCIDENT, {}, 'severity')).events).join('\n')
        // Prometheus has to see it.
        await expect.poll(severity, { timeout: 60_000 }).toContain('no API answers, not yet for 5 min')
        expect(await severity()).toMatch(/unknown, but SEV2 at least/)
        // What fires leads to its page before anything else does.
        const firing = async () => readText(await runPage(TROUBLESHOOTING, {}, 'fires'))
        await expect.poll(firing, { timeout: 60_000 }).toContain('critical UploadBridgeApiDown since')
        const told = readText(await runPage(TROUBLESHOOTING))
        expect(told).toMatch(/npx handbook run UploadBridgeApiDown\n(?:.*\n)*npx handbook run api-down/)
      } finally {
        await lab().heal()
      }
    })

    test('troubleshooting says that nobody knows what fires while Alertmanager does not answer', {
      timeout: LIMIT,
    }, async () => {
      await lab().break('alertmanager-killed')
      try {
        expect(readText(await runPage(TROUBLESHOOTING))).toContain(
          'What fires is unknown: npx handbook run alerts-silent',
        )
      } finally {
        await lab().heal()
      }
    })

    test('admission that somebody closed fails the daily routine', {
      timeout: LIMIT,
    }, async () => {
      await bridgectl('admission', 'close', '--reason', 'maintenance')
      try {
        expect((await sendFile(lab().status().url)).status).toBe(503)
        const daily = await runPage(DAILY)
        expect(tell(daily.events)).toContainEqual(expect.stringMatching(/^up failed/))
        expect(readText(await runPage(TROUBLESHOOTING))).toContain('docs/operations/errors.md#admission-closed')
      } finally {
        await bridgectl('admission', 'open')
      }
    })

    test('an upload is found in each of its states, and one that never was is not', { timeout: LIMIT }, async () => {
      const delivered = await send()
      await expect.poll(() => stateOf(delivered), { timeout: 30_000 }).toBe('delivered')
      await bridgectl('deliveries', 'pause', '--reason', 'test')
      try {
        const [pending, held] = [await send(), await send()]
        await bridgectl('deliveries', 'hold', held, '--reason', 'test')
        for (const [upload, state] of [
          [delivered, 'delivered'],
          [pending, 'pending'],
          [held, 'held'],
        ] as const) {
          const run = await runPage(FIND, { upload })
          expect(run.ending.outcome).toBe('passed')
          expect(readValue(run, 'state')).toEqual({ state })
        }
        expect(readText(await runPage(TROUBLESHOOTING))).toContain('1 held: npx handbook run uploads-held')
        const daily = await runPage(DAILY, { heldFor: '1ms' }, 'held')
        expect(daily.ending.outcome).toBe('failed')
        expect((await runPage(FIND, { upload: '0'.repeat(32) })).ending.outcome).toBe('failed')
        await bridgectl('deliveries', 'release', held)
      } finally {
        await bridgectl('deliveries', 'resume')
      }
    })

    test('a downstream that is down is named, with its runbook', { timeout: LIMIT }, async () => {
      await lab().break('downstream-down')
      try {
        const named = async () => readText(await runPage(TROUBLESHOOTING))
        await expect.poll(named, { timeout: 60_000 }).toContain('npx handbook run downstream-down')
      } finally {
        await lab().heal('downstream-down')
      }
    })

    test('a leaked key is made worthless, and what it sent is listed', { timeout: LIMIT }, async () => {
      const file = join(directory(), 'leaked.key')
      await bridgectl('keys', 'create', 'leaked', '--role', 'upload', '--output', file)
      const authorization = `Bearer ${readFileSync(file, 'utf8').trim()}`
      const upload = async () => {
        const form = new FormData()
        form.set('file', new Blob(['mine']), 'leaked.txt')
        return fetch(`${lab().status().url}/uploads`, { method: 'POST', body: form, headers: { authorization } })
      }
      await bridgectl('deliveries', 'pause', '--reason', 'test')
      try {
        const answer = await upload()
        expect(answer.status).toBe(201)
        const { id } = Object(await answer.json())
        const run = await runPage(SECURITY, { key: 'leaked' })
        expect(run.ending.outcome, tell(run.events).join('\n')).toBe('passed')
        expect(readText(run)).toContain(`${id} pending`)
        await expect.poll(async () => (await upload()).status, { timeout: 10_000 }).toBe(401)
        expect((await runPage(SECURITY, { key: 'nobody' })).ending.outcome).toBe('failed')
      } finally {
        await bridgectl('deliveries', 'resume')
      }
    })
  },
)
