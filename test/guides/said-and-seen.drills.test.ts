import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseProcedure } from '../../src/procedure/index.ts'
import { requires } from '../environment/requires.ts'
import { startTraffic } from '../lab/uploads.ts'
import { type DoneRun, tell } from '../runner/run-page.ts'
import { provideLab } from './provide-lab.ts'

const LIMIT = 120_000
const RUNBOOKS = readdirSync('runbooks').map(name => {
  const path = `runbooks/${name}`
  return parseProcedure(readFileSync(path, 'utf8'), path)
})
const DIAGNOSES = RUNBOOKS.flatMap(({ id, phases }) =>
  phases
    .filter(({ name }) => name === 'diagnose')
    .map(({ steps }) => ({ page: id, steps: steps.map(step => step.id) })),
)
/** The same block on several pages is run once. This lab has no scanner that could answer again. */
const VERIFICATIONS = [
  ...new Map(
    RUNBOOKS.filter(({ id }) => id !== 'scanner-down').flatMap(({ id, phases }) =>
      phases
        .filter(({ name }) => name === 'verify')
        .flatMap(({ steps }) => steps.map(step => [step.block.hash, { page: id, step: step.id }] as const)),
    ),
  ).values(),
]

/** What a page says that a step prints, in the page's own words, and what the step then prints in a deployment that is well. */
const SAID: Readonly<Record<string, readonly [said: string, seen: RegExp]>> = {
  'bad-deployment errors': ['Prints facts: release, method, status, number of requests.', /^\S+ [A-Z]+ \d{3} \d+$/m],
  'bad-deployment release': ['Otherwise this step only collects facts.', /^\S+ answers\. The current release was/m],
  'downstream-down backlog': ['The last column shows how the last attempt ended.', /^(?:ID .* WHY|.*no|.*nothing)/im],
  'no-uploads outside': ['If only the second says `pass`', /: pass\. \S+: pass\.$/m],
  'api-down scraped': ['The last column is the error of Prometheus.', /^http\S+ up ?$/m],
  'storage-filling growth': ['How long until it is full?', /full within \d+ min at|not full within a day at/],
  'storage-filling stale': [
    'Lists those that received no bytes for `staleAfter`.',
    /^\d+ partial uploads are older than 24h/m,
  ],
  'uploads-unavailable ours': ['The step also prints the oldest transaction', /^oldest transaction: /m],
  'clocks-differ processes': [
    'Collects facts, as both measure it themselves.',
    /is \S*\d s ahead of the API, and \S*\d s ahead/,
  ],
  'uploads-held why': ['This step only sorts them.', /^damaged: 0\nrefused: 0\ncrashed: 0\noperator: 0$/m],
  'configuration-refused refused': ['what API and worker show', /^api=read\nworker=read$/m],
  'deliveries-behind shrinks': ['Says how fast it shrinks', /^\d+ waited, and ten seconds later \d+$/m],
  'storage-filling room': ['There is room again', /% is free; it should be 15 %\./],
}

/** Steps that this lab does not let pass, or that need the value of an earlier one, and what they say then. */
const ALONE: Readonly<Record<string, RegExp>> = {
  'certificate-expiring served': /has no certificate/,
  'backups-failing shown': /blocked: the step \S+ gave no value/,
  'backups-failing whole': /data\/backup\/repository/,
  ...Object.fromEntries(
    [
      'alerts-silent arrives',
      'certificate-expiring again',
      'client-over-quota keys',
      'downstream-down canary',
      'malicious-upload stopped',
      'no-uploads others',
      'uploads-held delivered',
      'uploads-lost delivered',
      'uploads-lost lost',
    ].map(step => [step, /blocked: the step \S+ gave no value/]),
  ),
}

describe.runIf(requires('what pages say one sees', ['prometheus', 'prometheus-alertmanager', 'jq', 'psql']))(
  'in a lab that is well',
  () => {
    const { lab, run } = provideLab({ monitoring: true })
    let traffic: ReturnType<typeof startTraffic> | undefined
    beforeAll(() => {
      traffic = startTraffic(lab().status().url)
    })
    afterAll(() => traffic?.stop())

    const endOf = ({ events }: DoneRun, step: string) =>
      events.flatMap(event => (event.type === 'step.finished' && event.step === step ? [event.status] : [])).at(-1)
    const outputOf = ({ events }: DoneRun, step: string) =>
      events.flatMap(event => (event.type === 'step.output' && event.step === step ? [event.text] : [])).join('')
    const compare = (page: string, step: string, done: DoneRun) => {
      const [said = '', seen = /(?:)/] = SAID[`${page} ${step}`] ?? []
      expect(readFileSync(`runbooks/${page}.md`, 'utf8').replaceAll(/\s+/g, ' ')).toContain(said)
      expect(outputOf(done, step), `${page} says: ${said}`).toMatch(seen)
    }

    test.each(DIAGNOSES)('$page looks, and prints what it says', { timeout: LIMIT }, async ({ page, steps }) => {
      const done = await run(`runbooks/${page}.md`)
      const alone = ALONE[`${page} ${steps[0]}`]
      if (alone) expect(tell(done.events).join('\n')).toMatch(alone)
      else expect(['passed', 'ruled-out'], tell(done.events).join('\n')).toContain(endOf(done, steps[0] ?? ''))
      for (const step of steps) compare(page, step, done)
    })

    test.each(VERIFICATIONS)(
      '$page verifies #$step, and prints what it says',
      { timeout: LIMIT },
      async ({ page, step }) => {
        const done = await run(`runbooks/${page}.md`, {}, step)
        const alone = ALONE[`${page} ${step}`]
        if (alone) expect(tell(done.events).join('\n')).toMatch(alone)
        else {
          expect(endOf(done, step), tell(done.events).join('\n')).toBe('passed')
          compare(page, step, done)
        }
      },
    )
  },
)
