import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bareEnvironment } from '../../../src/environments/pure.ts'
import { demandHandbook } from '../../../src/operate/index.ts'
import { parseProcedure } from '../../../src/procedure/index.ts'
import { proveAlone } from '../../../src/prove/index.ts'
import { inputPorts } from './input-ports.ts'

let root: string
let url: string
// A deployment that is well: a server that says so, and a command that lists nothing wrong.
const server = createServer((_request, response) => response.end('{"broken":0}'))

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'handbook-alone-test-'))
  mkdirSync(join(root, 'docs'))
  mkdirSync(join(root, 'bin'))
  writeFileSync(
    join(root, 'handbook.yaml'),
    'url: https://x.example\nservices: [api]\ntarget:\n  url: { type: string, description: Where it answers }\n',
  )
  writeFileSync(join(root, 'bin/things'), '#!/bin/bash\necho "[]"\n')
  chmodSync(join(root, 'bin/things'), 0o755)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise(resolve => server.close(resolve))
  rmSync(root, { recursive: true, force: true })
})

/** What a step of Diagnose says when one of its inputs is taken away. */
async function prove(code: string, matter = '') {
  const block = `\`\`\`bash\n${code}\n\`\`\``
  const text = `---\n${matter}title: Page\n---\n\n## Diagnose\n\n### The step <!-- #step -->\n\n${block}\n\n## Mitigate\n\n### Mend\n\n\`\`\`bash\nfalse\n\`\`\`\n`
  const environment = {
    ...bareEnvironment('well'),
    target: { url },
    path: [join(root, 'bin')],
    services: { api: { status: 'echo running' } },
  }
  const page = parseProcedure(text, 'docs/page.md')
  const { found, ...more } = await proveAlone(
    await demandHandbook(root),
    [page],
    environment,
    inputPorts(root),
    () => {},
  )
  return { ...more, found: found.map(({ taking, message }) => `${taking}: ${message.split(' when the ')[1]}`).sort() }
}

const HEEDS_ONE = `
broken=$(curl -sS --fail "$TARGET_URL" | jq .broken || true)
listed=$(things list | jq -ne 'input | arrays | length')
if [ "\${broken:-0}" -eq 0 ] && [ "$listed" -eq 0 ]; then hb rule-out "nothing is broken"; fi`

it('finds a step that rules out its cause by what is left', async () => {
  expect(await prove(HEEDS_ONE)).toMatchObject({
    steps: 1,
    tries: 6,
    found: [
      'empty: url url alone answers nothing',
      'page: url url alone answers with a page of HTML',
      'refused: url url alone refuses to answer',
    ],
  })
})

it('lets a step be that demands each answer, or asks only one thing', async () => {
  const demands = HEEDS_ONE.replace('jq .broken || true', "jq -ne 'input | .broken'")
  expect(await prove(demands)).toMatchObject({ tries: 6, found: [] })
  expect(await prove('hb service api status | grep -q running && hb rule-out "it runs"')).toMatchObject({ tries: 0 })
})

it('says which tries ended before the step asked, and what is judged by an exit code alone', async () => {
  const early = `if [ "$(things list | jq length)" -eq 0 ]; then hb rule-out "nothing"; fi\ncurl -sS "$TARGET_URL"`
  const { notAsked } = await prove(early)
  expect(notAsked).toEqual(['empty', 'page', 'refused'].map(way => `docs/page.md#step url url ${way}`))
  const byCode = 'hb service api status > /dev/null\nthings list | jq -ne "input | arrays" && hb rule-out "it runs"'
  expect(await prove(byCode)).toMatchObject({ found: [], byCode: ['docs/page.md#step service api'] })
})

it('takes the page’s word for a step that is right all the same', async () => {
  const waiver = 'waivers: [{ rule: false-word, step: step, reason: So it is, until: 2999-01-01 }]\n'
  const { found, waived } = await prove(HEEDS_ONE, waiver)
  expect(found).toEqual([])
  expect(waived).toHaveLength(3)
})
