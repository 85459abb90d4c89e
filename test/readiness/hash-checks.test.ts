import { expect, it } from 'vitest'
import type { LabContent, StandsOn } from '../../src/journal/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { hashChecks } from '../../src/readiness/index.ts'

const check = (id: string, meta: string, code: string) =>
  `### ${id} <!-- #${id} -->\n\n\`\`\`ts ${meta}\n${code}\n\`\`\`\n`
const LOGGED = check('logged', 'item=log-1 breaks=plain-logs', 'return { line: 1 }')
const READS = check('reads', 'item=log-1 breaks=plain-logs,lint-off', 'expect(steps.logged.line).toBe(1)')
const ALONE = check('alone', 'item=log-2 breaks=lint-off', 'await $`true`')
const LAB: LabContent = {
  faults: { 'plain-logs': { hash: 'a', deployed: true }, 'lint-off': { hash: 'b', deployed: false } },
  workload: 'c',
  shipped: 'd',
  problems: [],
}

function stand(checks: readonly string[], lab: LabContent | undefined = LAB): Record<string, StandsOn> {
  const page = parseProcedure(
    `---\ntitle: Log\narea: log\nitems: {}\n---\n\n## Checks\n\n${checks.join('\n')}`,
    'log.md',
  )
  return Object.fromEntries([...hashChecks([page], lab)].map(([{ id }, standsOn]) => [id, standsOn]))
}

const NOW = stand([LOGGED, READS, ALONE])

it('hashes the block of a check and of those whose values it reads, wherever they stand', () => {
  const edited = stand(['', LOGGED.replace('line: 1', 'line: 2'), READS, ALONE])
  expect(edited.logged?.page).not.toBe(NOW.logged?.page)
  expect(edited.reads?.page).not.toBe(NOW.reads?.page)
  expect(edited.alone).toEqual(NOW.alone)
})

it('hashes what its mutations do, and what is shipped unless they act on the repository', () => {
  const edited = stand([LOGGED, READS, ALONE], {
    ...LAB,
    shipped: 'e',
    faults: { ...LAB.faults, 'lint-off': { hash: 'e', deployed: false } },
  })
  expect(edited.logged).toEqual({ ...NOW.logged, shipped: 'e' })
  expect(edited.reads?.fault).not.toBe(NOW.reads?.fault)
  expect(edited.alone?.fault).not.toBe(NOW.alone?.fault)
  expect(edited.alone).not.toHaveProperty('shipped')
})

it('is unreadable when one of its mutations is, or is unknown; and is the block alone where there is no lab', () => {
  const faults = { ...LAB.faults, 'lint-off': { hash: null, deployed: false } }
  const broken = stand([LOGGED, READS], { ...LAB, faults })
  expect(broken).toMatchObject({ logged: NOW.logged, reads: { fault: null } })
  expect(stand([check('other', 'breaks=no-such', '')])).toMatchObject({ other: { fault: null } })
  const page = parseProcedure('---\narea: log\n---\n## Checks\n\n### A\n\n```bash\ntrue\n```\n', 'log.md')
  expect([...hashChecks([page], undefined).values()]).toEqual([{ page: expect.stringMatching(/^[0-9a-f]{64}$/) }])
})
