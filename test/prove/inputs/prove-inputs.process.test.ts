import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
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

/** What is false about the step of a runbook or guide, by the way in which its inputs were taken. */
async function prove(phase: keyof typeof AROUND, block: string, matter = '', env: NodeJS.ProcessEnv = process.env) {
  const [before, after] = AROUND[phase]
  const step = `## ${phase}\n\n### The step <!-- #step -->\n\n${block}\n`
  const text = `---\n${matter}title: Page\n---\n\n${before}${step}${after}`
  const { found, ...more } = await proveInputs(
    await demandHandbook(root),
    [parseProcedure(text, 'docs/page.md')],
    { ...inputPorts(root), env },
    () => {},
  )
  return {
    ...more,
    found: Object.fromEntries(found.map(({ taking, message }) => [taking, message.split(' when ')[0]])),
  }
}
const MEND = '\n## Mitigate\n\n### Mend <!-- #mend -->\n\n```bash\ntouch "$HOME/never"\n```\n'
/** What stands around a phase, so that the page is a runbook or a guide. */
const AROUND = {
  Diagnose: ['', MEND],
  Mitigate: ['## Diagnose\n\n### Look\n\n```bash\nhb suggest step "it is broken"\n```\n\n', ''],
  Verify: ['', MEND],
  'Roll back': ['', MEND],
  Procedure: ['', ''],
} as const
const bash = (code: string, risk = 'read') => `\`\`\`bash risk=${risk}\n${code}\n\`\`\``
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
  [
    'has changed nothing, and does not say so',
    'Mitigate',
    bash('things close || echo "they may be closed"', 'change'),
    ['refused', 'empty', 'late', 'shape', 'page', 'missing'],
    'passes as a mitigation',
  ],
  [
    'does nothing to what is listed nowhere',
    'Procedure',
    bash('for id in $(things list --json | jq -r ".[].id"); do things close "$id"; done', 'danger'),
    ['refused', 'empty', 'late', 'shape', 'page', 'missing'],
    'passes',
  ],
  [
    'rules out by a word that is not in what it was told',
    'Diagnose',
    bash('log=$(hb service api logs)\nif grep -q broken <<< "$log"; then exit 1; fi\nhb rule-out "it is not broken"'),
    ['empty', 'shape', 'page'],
    'rules its cause out (“it is not broken”)',
  ],
  [
    'cannot see, and judges by what an earlier step is to give',
    'Verify',
    bash('curl -s "$TARGET_URL/x" | grep -q broken || [ "$STEP_MEND_COUNT" -lt 3 ]'),
    ['refused', 'empty', 'late', 'shape', 'page', 'missing'],
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
  [
    'changes something, and fails when it could not',
    'Mitigate',
    bash('things close\nhb service api restart', 'change'),
  ],
  ['rolls back, and fails when it could not', 'Roll back', '```bash undoes=mend\nthings open\n```'],
] as const)('lets a step be that %s', async (_, phase, block) => {
  expect((await prove(phase, block)).found).toEqual({})
})

it('says which steps judge by an exit code alone, and which could not be judged', async () => {
  expect(await prove('Procedure', bash('things check'))).toMatchObject({ found: {}, byCode: ['docs/page.md#step'] })
  expect(await prove('Mitigate', bash('hb service api restart', 'change'))).toMatchObject({
    byCode: ['docs/page.md#step'],
  })
  expect(await prove('Diagnose', ts('return steps.step'))).toMatchObject({
    found: {},
    steps: 2,
    notTried: 0,
    notJudged: ['docs/page.md#step'],
  })
  const early = bash('[ -e "$TARGET_URL" ] && things check', 'change')
  expect(await prove('Procedure', early)).toMatchObject({ notJudged: ['docs/page.md#step'] })
})

it('lets no step write elsewhere, or reach what is real, and leaves nothing behind', async () => {
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.end()
  })
  onTestFinished(() => void server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${String(Object(server.address()).port)}`
  const kept = join(root, 'kept')
  const before = readdirSync(tmpdir()).filter(name => name.startsWith('handbook-inputs-'))
  writeFileSync(kept, 'as it was')
  const code = `echo changed > '${kept}' || true\nrm -rf docs || true\ncurl -sS ${url} || true\nchmod 777 '${kept}'`
  const { found, steps } = await prove('Procedure', bash(`things delete || true\n${code}`, 'danger'))
  expect({ found, steps, asked }).toEqual({ found: {}, steps: 1, asked: 0 })
  expect(readFileSync(kept, 'utf8')).toBe('as it was')
  expect(readdirSync(root)).toContain('docs')
  expect(readdirSync(tmpdir()).filter(name => name.startsWith('handbook-inputs-'))).toEqual(before)
})

it('tries no step that changes something where it cannot be contained, and says how many, and why', async () => {
  const programs = join(root, 'programs')
  mkdirSync(programs)
  writeFileSync(join(programs, 'bwrap'), '#!/bin/bash\necho "No permissions to create new namespace" >&2; exit 1\n', {
    mode: 0o755,
  })
  const touched = join(root, 'touched')
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` }
  const { notTried, uncontained, steps } = await prove('Mitigate', bash(`touch '${touched}'`, 'change'), '', env)
  expect({ notTried, uncontained, steps }).toEqual({
    notTried: 1,
    uncontained: 'No permissions to create new namespace',
    steps: 1,
  })
  expect(readdirSync(root)).not.toContain('touched')
})

it('takes the page’s word for a step that is right all the same, until its day', async () => {
  const block = bash('curl -s "$TARGET_URL/x" | grep -q broken || hb rule-out "it is not broken"')
  const waiver = (until: string) => `waivers: [{ rule: false-word, step: step, reason: So it is, until: ${until} }]\n`
  const { found, waived } = await prove('Diagnose', block, waiver('2999-01-01'))
  expect(found).toEqual({})
  expect(waived.map(({ reason }) => reason)).toEqual(Array(6).fill('So it is'))
  expect(Object.keys((await prove('Diagnose', block, waiver('2020-01-01'))).found)).toHaveLength(6)
})
