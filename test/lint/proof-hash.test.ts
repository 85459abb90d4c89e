import { describe, expect, it } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'
import { hashParts, type LabContent, recordParts, type StandsOn } from '../../src/journal/index.ts'
import { hashDrill, judgeDrills } from '../../src/lint/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { makeProof } from './make-proof.ts'

const RULES = `groups:
  - name: example
    rules:
      - record: volume:free:ratio
        expr: free / volume:size:max
      - record: volume:size:max
        expr: max(size)
      - record: unrelated
        expr: max(other)
      - alert: VolumeFilling
        expr: volume:free:ratio < 0.1
        for: 5m
      - alert: Unrelated
        expr: up == 0
`
const PAGE = `---
alerts: [VolumeFilling]
drills: [{ fault: storage-filling }]
---
## Diagnose
### Look
\`\`\`bash file=scripts/look.sh
df
\`\`\`
`
const FILES: Readonly<Record<string, string>> = {
  'runbooks/example.md': PAGE,
  'scripts/look.sh': 'df\n',
}

const LAB: LabContent = {
  faults: { 'storage-filling': { hash: 'fill', deployed: true }, other: { hash: 'other', deployed: true } },
  workload: 'uploads',
  shipped: 'bridge',
  problems: [],
}

async function stand(
  files: Readonly<Record<string, string>>,
  rules = RULES,
  lab?: LabContent,
  other?: string,
): Promise<StandsOn> {
  const procedure = parseProcedure(PAGE, 'runbooks/example.md')
  const facts = { readText: async (path: string) => files[path], rules: readRules(rules, 'rules.yaml'), lab }
  return hashDrill(procedure, { fault: 'storage-filling', ...(other === undefined ? {} : { with: other }) }, facts)
}

describe('what a proof stands on', () => {
  it.each([
    ['the page', { ...FILES, 'runbooks/example.md': `${PAGE}\nMore.\n` }, RULES],
    ['a script', { ...FILES, 'scripts/look.sh': 'df -h\n' }, RULES],
    ['the alert', FILES, RULES.replace('for: 5m', 'for: 6m')],
    ['a recording rule of the alert', FILES, RULES.replace('free /', 'available /')],
    ['a recording rule of a recording rule', FILES, RULES.replace('max(size)', 'min(size)')],
  ])('changes in its page with %s, and in nothing else', async (_, files, rules) => {
    const { page, ...rest } = await stand(FILES, RULES, LAB)
    const changed = await stand(files, rules, LAB)
    expect(changed.page).not.toBe(page)
    expect(changed).toMatchObject(rest)
  })

  it.each([
    ['another alert', FILES, RULES.replace('up == 0', 'up == 1')],
    ['another recording rule', FILES, RULES.replace('max(other)', 'min(other)')],
    ['the layout of the rule file', FILES, `# A comment\n${RULES.replaceAll('for: 5m', 'for:   5m')}`],
    ['line ends', { ...FILES, 'scripts/look.sh': 'df\r\n' }, RULES],
  ])('does not change with %s', async (_, files, rules) => {
    expect([files, rules]).not.toEqual([FILES, RULES])
    expect(await stand(files, rules)).toEqual(await stand(FILES))
  })

  it.each<[string, 'fault' | 'shipped', Partial<LabContent>]>([
    ['the fault', 'fault', { faults: { 'storage-filling': { hash: 'fill more', deployed: true } } }],
    ['the workload', 'fault', { workload: 'more uploads' }],
    ['the service', 'shipped', { shipped: 'another bridge' }],
  ])('changes with %s', async (_, part, change) => {
    const before = await stand(FILES, RULES, LAB)
    const after = await stand(FILES, RULES, { ...LAB, ...change })
    expect(after).toEqual({ ...before, [part]: expect.not.stringMatching(`^${before[part]}$`) })
  })

  it('does not change with another fault, and is the page alone where there is no lab', async () => {
    const faults = { ...LAB.faults, other: { hash: 'edited', deployed: true } }
    expect(await stand(FILES, RULES, { ...LAB, faults })).toEqual(await stand(FILES, RULES, LAB))
    expect(Object.keys(await stand(FILES))).toEqual(['page'])
  })

  it('changes with the other fault of a drill that has two', async () => {
    const before = await stand(FILES, RULES, LAB, 'other')
    expect(before.fault).not.toBe((await stand(FILES, RULES, LAB)).fault)
    const faults = { ...LAB.faults, other: { hash: 'edited', deployed: true } }
    expect((await stand(FILES, RULES, { ...LAB, faults }, 'other')).fault).not.toBe(before.fault)
    expect((await stand(FILES, RULES, LAB, 'unknown')).fault).toBeNull()
  })

  it('is unreadable, and no empty text, when a file or a source is missing', async () => {
    expect(await stand({ 'runbooks/example.md': PAGE })).toEqual({ page: null })
    const faults = { 'storage-filling': { hash: null, deployed: true } }
    expect(await stand(FILES, RULES, { ...LAB, faults })).toMatchObject({ fault: null, shipped: 'bridge' })
    expect(await stand(FILES, RULES, { ...LAB, faults: {} })).toMatchObject({ fault: null })
    expect(await stand(FILES, RULES, { ...LAB, workload: null })).toMatchObject({ fault: null })
  })

  it('tells proven drills from changed ones and from those that never ran', async () => {
    const procedure = parseProcedure(PAGE, 'runbooks/example.md')
    const facts = { readText: async (path: string) => FILES[path], rules: readRules(RULES, 'rules.yaml'), lab: LAB }
    const judge = async (recorded: { contentHash: string }) => {
      const [drill] = await judgeDrills(procedure, { ...facts, proofs: [makeProof(recorded)] })
      return drill?.proof
    }
    const now = await stand(FILES, RULES, LAB)
    expect(await judge(recordParts(now))).toMatchObject({ state: 'proven' })
    expect(await judge({ contentHash: hashParts(now) })).toMatchObject({ state: 'proven' })
    expect(await judge({ contentHash: 'another' })).toMatchObject({ state: 'changed', parts: [] })
    expect(await judge(recordParts({ ...now, fault: 'another' }))).toMatchObject({ state: 'changed', parts: ['fault'] })
    expect((await judgeDrills(procedure, { ...facts, proofs: [] }))[0]?.proof.state).toBe('not-proven')
  })
})
