import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll } from 'vitest'
import { provideRuns } from '../runner/provide-runs.ts'
import { tell } from '../runner/run-page.ts'

/** Runs of ts blocks, beside a server that answers `/silent` never, `/late` after a while, and everything else at once. */
export function provideCodes() {
  const runs = provideRuns()
  let server: Server | undefined
  let url = ''

  beforeAll(async () => {
    const made = createServer((request, response) => {
      const answer = () => response.end('{"status":"success","data":{"result":[]}}')
      if (request.url === '/late') setTimeout(answer, 50)
      else if (!request.url?.startsWith('/silent')) answer()
    })
    server = made
    await new Promise<void>(resolve => made.listen(0, '127.0.0.1', resolve))
    const address = made.address()
    url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
  })
  afterAll(() => {
    server?.closeAllConnections()
    server?.close()
  })

  return {
    /** How each of a page's ts steps ended, and what it wrote to stdout; the first one's code begins on line 4. */
    async run(codes: readonly string[], options: Parameters<typeof runs.run>[1] = {}, meta = ''): Promise<string[]> {
      const steps = codes.map((code, index) => `### s${index}\n\`\`\`ts ${meta}\n${code}\n\`\`\`\n`)
      const { events } = await runs.run(`## Checks\n${steps.join('')}`, options)
      return tell(events).filter(line => /^s\d+ (?!started|stderr)/.test(line))
    },
    /** Fills in what a test's code speaks of. */
    fill(marker: string) {
      const environment = { prometheusUrl: `${url}/silent?`, services: { api: { status: `exec sleep ${marker}` } } }
      return {
        environment,
        text: (code: string) => code.replaceAll('URL', url).replaceAll('MARKER', marker),
      }
    },
  }
}
