import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { sendFile } from '../lab/uploads.ts'
import { provideLab, readText, tellRun } from './provide-lab.ts'

const LIMIT = 240_000

describe.runIf(requires('what pages send themselves', ['prometheus', 'prometheus-alertmanager', 'jq', 'curl']))(
  'in a lab without customers',
  () => {
    const { lab, run } = provideLab({ monitoring: true })
    /** The requests that count as customers', by method, route and code. */
    const customers = async () => {
      const { url, readKeyFile } = lab().status()
      const headers = { authorization: `Bearer ${readFileSync(readKeyFile, 'utf8').trim()}` }
      const metrics = await (await fetch(`${url}/metrics`, { headers })).text()
      return metrics
        .split('\n')
        .filter(line => /^upload_bridge_http_requests_total\{/.test(line) && !/synthetic="true"/.test(line))
        .filter(line => !line.endsWith(' 0'))
    }

    test('no request of a page counts as a customer’s', { timeout: LIMIT }, async () => {
      const { id: upload = '' } = await sendFile(lab().status().url)
      const before = await customers()
      // That upload was one: what counts is seen.
      expect(before).not.toEqual([])
      for (const [path, params] of [
        ['docs/operations/daily.md', {}],
        ['docs/operations/weekly.md', {}],
        ['docs/operations/troubleshooting.md', {}],
        ['docs/operations/find-upload.md', { upload }],
        ['docs/operations/customer-call.md', {}],
        ['docs/operations/hand-over.md', {}],
        ['docs/incidents/index.md', {}],
        ['docs/incidents/when-our-tools-are-down.md', {}],
      ] as const) {
        const done = await run(path, params)
        expect(await customers(), `${path}\n${tellRun(done)}`).toEqual(before)
      }
    })

    test('what our own key was refused is no code that troubleshooting names, and a customer’s is', {
      timeout: LIMIT,
    }, async () => {
      const { url, readKeyFile } = lab().status()
      const key = readFileSync(readKeyFile, 'utf8').trim()
      const ask = (headers = {}) => fetch(`${url}/uploads/${'0'.repeat(32)}`, { headers })
      for (let request = 0; request < 3; request++)
        expect((await ask({ authorization: `Bearer ${key}` })).status).toBe(404)
      expect(readText(await run('docs/operations/troubleshooting.md', {}, 'refused'))).not.toContain('upload-not-found')
      // Without a key, as a customer of this lab.
      expect((await ask()).status).toBe(404)
      expect(readText(await run('docs/operations/troubleshooting.md', {}, 'refused'))).toMatch(/1 upload-not-found/)
    })
  },
)
