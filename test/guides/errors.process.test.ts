import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bridgectlExitCodes, problemTypes, serviceExitCodes } from '../../src/bridge/index.ts'
import { handbookExitCodes } from '../../src/cli/exit-codes.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { createHandbook, HANDBOOK, RUNBOOK } from '../cli/handbook.ts'

const PATH = 'docs/operations/errors.md'
const TEXT = readFileSync(PATH, 'utf8')
const page = parseProcedure(TEXT, PATH)
const entries = page.headings.filter(({ depth }) => depth === 3).map(({ id }) => id)

describe('the page of error codes and exit codes', () => {
  it('has an entry for each, under its own name, and no others', () => {
    const exits = (name: string, codes: Readonly<Record<string, { readonly code: number }>>) =>
      Object.values(codes).map(({ code }) => `${name}-${code}`)
    const all = [
      ...Object.keys(problemTypes),
      ...exits('service', serviceExitCodes),
      ...exits('bridgectl', bridgectlExitCodes),
      ...exits('handbook', handbookExitCodes),
    ]
    expect(entries.toSorted()).toEqual(all.toSorted())
  })

  it('says of each what to do', () => {
    const bodies = TEXT.split(/^### .*$/m).slice(1)
    expect(bodies).toHaveLength(entries.length)
    for (const body of bodies) expect(body).toMatch(/^What to do: \S.{5,}\.$/m)
  })
})

describe('the exit codes of handbook', () => {
  let handbook: Awaited<ReturnType<typeof createHandbook>>
  beforeAll(async () => {
    handbook = await createHandbook()
    handbook.write('handbook.yaml', HANDBOOK)
    handbook.write('runbooks/full.md', RUNBOOK)
    handbook.write('docs/wait.md', '---\ntitle: Wait\n---\n\n## Procedure\n\n### Wait\n\n```bash\nsleep 60\n```\n')
    handbook.write('docs/wrong.md', '# Wrong\n\n[nowhere](nowhere.md)\n')
  })
  afterAll(() => handbook.remove())

  it('are those of the table: each is seen', async () => {
    const run = async (...args: string[]) => (await handbook.run(...args)).exitCode
    expect(await run('list')).toBe(handbookExitCodes.done.code)
    expect(await run('check')).toBe(handbookExitCodes.failed.code)
    expect(await run('run', 'no-such-page')).toBe(handbookExitCodes.usage.code)
    expect(await run('run', 'full', '--env', 'production')).toBe(handbookExitCodes.refused.code)
    const waiting = handbook.start(['run', 'docs/wait.md', '--env', 'staging', '--auto', '--json'])
    for await (const line of waiting) if (String(line).includes('step.started')) waiting.kill('SIGINT')
    expect((await waiting).exitCode).toBe(handbookExitCodes.cancelled.code)
  })

  it('that a command’s help names are all in the table', async () => {
    const known = Object.values(handbookExitCodes).map(({ code }) => code)
    for (const command of ['run', 'check', 'assess', 'drill', 'alerts check']) {
      const { stdout } = await handbook.run(...command.split(' '), '--help')
      const said = /Exit code: ([\s\S]*?)\n\n/.exec(stdout)?.[1] ?? ''
      const codes = [...said.matchAll(/(?:^|[;,])\s*(\d+)\s/g)].map(([, code]) => Number(code))
      expect(codes.length, command).toBeGreaterThanOrEqual(2)
      expect(known).toEqual(expect.arrayContaining(codes))
    }
  })
})
