import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { demandHandbook } from '../../../src/operate/index.ts'
import { parseProcedure } from '../../../src/procedure/index.ts'
import { proveInputs } from '../../../src/prove/index.ts'
import { inputPorts } from './input-ports.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'handbook-inputs-test-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'docs'))
  writeFileSync(
    join(root, 'handbook.yaml'),
    'url: https://x.example\nservices: [api]\ntarget:\n  url: { type: string, description: Where it answers }\n',
  )
})

/** What is false about the one step of a runbook or guide, by the way in which its inputs were taken. */
async function prove(phase: 'Diagnose' | 'Verify' | 'Procedure', block: string, matter = '') {
  const rest = phase === 'Procedure' ? '' : '\n## Mitigate\n\n### Mend\n\n```bash\ntouch "$HOME/never"\n```\n'
  const text = `---\n${matter}title: Page\n---\n\n## ${phase}\n\n### The step <!-- #step -->\n\n${block}\n${rest}`
  const { found, ...more } = await proveInputs(
    await demandHandbook(root),
    [parseProcedure(text, 'docs/page.md')],
    inputPorts(root),
    () => {},
  )
  return {
    ...more,
    found: Object.fromEntries(found.map(({ taking, message }) => [taking, message.split(' when ')[0]])),
  }
}
const bash = (code: string) => `\`\`\`bash risk=read\n${code}\n\`\`\``
const ts = (code: string) => `\`\`\`ts risk=read\n${code}\n\`\`\``

it.each([
  [
    'rules out by the absence of a word',
    'Diagnose',
    bash('curl -s "$TARGET_URL/x" | grep -q broken || hb rule-out "it is not broken"'),
    ['refused', 'empty', 'late', 'shape', 'page', 'missing'],
    'rules its cause out (“it is not broken”)',
  ],
  [
    'passes with a list that is not there',
    'Procedure',
    bash('n=$(things list --json | jq length)\nif [ "$n" -gt 3 ]; then exit 1; fi'),
    ['empty', 'shape'],
    'passes',
  ],
  [
    'verifies by a number that is none',
    'Verify',
    ts('const { body } = await http(target.url)\nif (Number(body) > 3) throw new Error("too many")'),
    ['refused', 'empty', 'shape', 'page', 'missing'],
    'passes as a verification',
  ],
] as const)('finds a step that %s', async (_, phase, block, ways, message) => {
  const { found } = await prove(phase, block)
  expect(Object.keys(found).sort()).toEqual([...ways].sort())
  expect(Object.values(found)[0]).toBe(message)
})

it.each([
  ['demands the answer', 'Procedure', bash('things list --json | jq -ne "input | arrays | length == 0"')],
  ['asks nothing', 'Procedure', bash('echo fine')],
  ['only looks', 'Diagnose', bash('curl -s "$TARGET_URL/x" || true')],
  ['is about a service, and fails when it cannot be asked', 'Verify', bash('hb service api status | grep -q running')],
] as const)('lets a step be that %s', async (_, phase, block) => {
  expect((await prove(phase, block)).found).toEqual({})
})

it('says which steps judge by an exit code alone, which were not tried, and which read what was not given', async () => {
  expect(await prove('Procedure', bash('things check'))).toMatchObject({ found: {}, byCode: ['docs/page.md#step'] })
  expect(await prove('Diagnose', ts('return steps.step'))).toMatchObject({
    found: {},
    steps: 1,
    notTried: 1,
    blocked: 1,
  })
})

it('takes the page’s word for a step that is right all the same, until its day', async () => {
  const block = bash('curl -s "$TARGET_URL/x" | grep -q broken || hb rule-out "it is not broken"')
  const waiver = (until: string) => `waivers: [{ rule: false-word, step: step, reason: So it is, until: ${until} }]\n`
  const { found, waived } = await prove('Diagnose', block, waiver('2999-01-01'))
  expect(found).toEqual({})
  expect(waived.map(({ reason }) => reason)).toEqual(Array(6).fill('So it is'))
  expect(Object.keys((await prove('Diagnose', block, waiver('2020-01-01'))).found)).toHaveLength(6)
})
