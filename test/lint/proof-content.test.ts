import { describe, expect, it } from 'vitest'
import { readRules } from '../../src/alerts/index.ts'
import { hashContent } from '../../src/journal/index.ts'
import { gatherProofContent, judgeDrills } from '../../src/lint/index.ts'
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
  'src/lab/incidents/storage-filling/fault.ts': 'fill()',
}

async function hash(files: Readonly<Record<string, string>>, rules = RULES): Promise<string> {
  const procedure = parseProcedure(files['runbooks/example.md'] ?? '', 'runbooks/example.md')
  const facts = { readText: async (path: string) => files[path], rules: readRules(rules, 'rules.yaml') }
  return hashContent(await gatherProofContent(procedure, 'storage-filling', facts))
}

describe('what a proof stands on', () => {
  it.each([
    ['the page', { ...FILES, 'runbooks/example.md': `${PAGE}\nMore.\n` }, RULES],
    ['a script', { ...FILES, 'scripts/look.sh': 'df -h\n' }, RULES],
    ['the fault', { ...FILES, 'src/lab/incidents/storage-filling/fault.ts': 'fill(2)' }, RULES],
    ['the alert', FILES, RULES.replace('for: 5m', 'for: 6m')],
    ['a recording rule of the alert', FILES, RULES.replace('free /', 'available /')],
    ['a recording rule of a recording rule', FILES, RULES.replace('max(size)', 'min(size)')],
  ])('changes with %s', async (_, files, rules) => {
    expect(await hash(files, rules)).not.toBe(await hash(FILES))
  })

  it.each([
    ['another alert', RULES.replace('up == 0', 'up == 1')],
    ['another recording rule', RULES.replace('max(other)', 'min(other)')],
    ['the layout of the rule file', `# A comment\n${RULES.replaceAll('for: 5m', 'for:   5m')}`],
  ])('does not change with %s', async (_, rules) => {
    expect(rules).not.toBe(RULES)
    expect(await hash(FILES, rules)).toBe(await hash(FILES))
  })

  it('tells proven drills from changed ones and from those that never ran', async () => {
    const procedure = parseProcedure(PAGE, 'runbooks/example.md')
    const facts = { readText: async (path: string) => FILES[path], rules: readRules(RULES, 'rules.yaml') }
    const judge = async (contentHash: string) => {
      const [drill] = await judgeDrills(procedure, { ...facts, proofs: [makeProof({ contentHash })] })
      return drill?.proof.state
    }
    expect(await judge(await hash(FILES))).toBe('proven')
    expect(await judge('another')).toBe('changed')
    expect((await judgeDrills(procedure, { ...facts, proofs: [] }))[0]?.proof.state).toBe('not-proven')
  })
})
