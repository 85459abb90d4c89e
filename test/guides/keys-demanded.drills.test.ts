import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { requires } from '../environment/requires.ts'
import { provideLab, tellRun } from './provide-lab.ts'

const BAD_DEPLOYMENT = 'runbooks/bad-deployment.md'
const LIMIT = 180_000

/** What `static/configuration/production.yaml` leaves at its default, and the lab does not. */
describe.runIf(requires('the pages on a deployment that demands keys', ['jq', 'curl', 'restic']))(
  'where keys are demanded and the version is not shown',
  () => {
    const { lab, directory, run, bridgectl } = provideLab()
    const passed = async (path: string, params: Record<string, string> = {}) => {
      const done = await run(path, params)
      expect(done.ending.outcome, tellRun(done)).toBe('passed')
    }
    const changed = () => {
      const configuration = parse(readFileSync(lab().status().configPath, 'utf8'))
      return { ...configuration, api: { ...configuration.api, showVersion: false }, auth: { required: true } }
    }

    beforeAll(async () => {
      const { configPath, url, processes } = lab().status()
      writeFileSync(configPath, stringify(changed()))
      for (const { name, pid } of processes) if (name === 'api' || name === 'worker') process.kill(pid, 'SIGHUP')
      await vi.waitUntil(async () => (await fetch(`${url}/metrics`)).status === 401, { timeout: 30_000 })
    }, LIMIT)

    test(
      'a healthy release is ruled out once uploads succeeded, and not by requests of the page when nobody sent any',
      async () => {
        const before = await run(BAD_DEPLOYMENT)
        expect(before.ending.outcome, tellRun(before)).toBe('inconclusive')
        const { url } = lab().status()
        // The lab's own key is for our own requests, which say nothing of customers.
        const file = join(directory(), 'customer.key')
        await bridgectl('keys', 'create', 'customer', '--role', 'upload', '--output', file)
        const customerKey = readFileSync(file, 'utf8').trim()
        const isKnown = async () => {
          const headers = { authorization: `Bearer ${customerKey}` }
          return (await fetch(`${url}/uploads/00000000000000000000000000000000`, { headers })).status === 404
        }
        await vi.waitUntil(isKnown, { timeout: 30_000 })
        for (let upload = 0; upload < 20; upload++) {
          const body = new FormData()
          body.set('file', new Blob([`${upload}`]), 'canary.txt')
          const answer = await fetch(`${url}/uploads`, {
            method: 'POST',
            body,
            headers: { authorization: `Bearer ${customerKey}` },
          })
          expect(answer.status).toBe(201)
        }
        const done = await run(BAD_DEPLOYMENT)
        expect(done.ending.outcome, tellRun(done)).toBe('ruled-out')
      },
      LIMIT,
    )

    test(
      'a bad release is found by its build metric, rolled back, and stays so',
      async () => {
        const before = readFileSync(`${lab().status().releasesPath}/current/VERSION`, 'utf8')
        await lab().break('bad-deployment')
        const done = await run(BAD_DEPLOYMENT)
        expect(done.ending.outcome, tellRun(done)).toBe('healed')
        expect(readFileSync(`${lab().status().releasesPath}/current/VERSION`, 'utf8')).toBe(before)
        const [finished] = done.events.filter(event => event.type === 'run.finished')
        expect(finished).toMatchObject({ standing: [], rollBack: [], cures: [{ undoneBy: 'roll-forward' }] })
        // Later pages go back to the release before: this one would fail some of their requests.
        await lab().heal('bad-deployment')
      },
      LIMIT,
    )

    test(
      'a release that is asked with a wrong key is not ruled out',
      async () => {
        const done = await run(BAD_DEPLOYMENT, {}, undefined, undefined, { readKey: 'ub_nobody_knows-this' })
        expect(done.ending.outcome, tellRun(done)).toBe('inconclusive')
      },
      LIMIT,
    )

    test.each([
      ['docs/recovery/back-up.md', {}],
      ['docs/incidents/when-our-tools-are-down.md', {}],
      ['docs/deployment/roll-back.md', {}],
      ['docs/operations/daily.md', {}],
    ])('%s passes', passed, LIMIT)

    test(
      'docs/configuration.md puts another configuration in force',
      async () => {
        const candidate = `${directory()}/candidate.yaml`
        const configuration = changed()
        writeFileSync(candidate, stringify({ ...configuration, log: { level: 'debug' } }))
        await passed('docs/configuration.md', { candidate })
      },
      LIMIT,
    )

    test(
      'docs/deployment/deploy.md deploys the release that was left',
      async () => {
        const { releasesPath } = lab().status()
        const version = readFileSync(`${releasesPath}/previous/VERSION`, 'utf8').trim()
        await passed('docs/deployment/deploy.md', { version, watch: '2s', reason: 'a test' })
      },
      LIMIT,
    )

    test(
      'docs/operations/weekly.md finds out about drift and about backups',
      async () => {
        for (const step of ['drift', 'backups']) {
          const done = await run('docs/operations/weekly.md', {}, step)
          const wanted = step === 'drift' ? /drift passed/ : /no restore drill in 30 days/
          expect(tellRun(done)).toMatch(wanted)
        }
      },
      LIMIT,
    )
  },
)
