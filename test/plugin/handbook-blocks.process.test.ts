import { readdirSync, readFileSync } from 'node:fs'
import { execaSync } from 'execa'
import { describe, expect, it } from 'vitest'
import { guardBash, readSite } from '../../src/plugin/index.ts'
import { parseProcedure } from '../../src/procedure/index.ts'
import { paste } from './shell.ts'

const { target } = await readSite('.')
const blocks = readdirSync('runbooks')
  .filter(name => name.endsWith('.md'))
  .flatMap(name => {
    const path = `runbooks/${name}`
    const { id, params, phases } = parseProcedure(readFileSync(path, 'utf8'), path)
    const steps = phases.flatMap(phase => phase.steps)
    return steps
      .filter(({ block }) => block.language === 'bash')
      .map(step => {
        const command = `npx handbook run ${id} --step ${step.id}`
        return { name: `${id} ${step.id}`, text: guardBash(step.block.code, { command, params, steps, target }) }
      })
  })

describe.each(blocks)('$name', ({ text }) => {
  it('is a whole command for bash', () => {
    const { exitCode, stderr } = execaSync('bash', ['-n'], { input: text, reject: false })
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
  })

  it('pasted where nothing is set, leaves the shell alone', async () => {
    if (!text.includes(':?')) return
    const { status, stderr } = await paste(text, 'bash', { PATH: '/usr/bin:/bin' })
    expect(stderr).toContain('is not set')
    expect(status).toBe(1)
  })
})

it('a block that only looks does so, pasted into a shell that knows the target', async () => {
  const usage = blocks.find(({ name }) => name === 'storage-filling usage')
  const { stdout, status } = await paste(usage?.text ?? '', 'bash', { TARGET_STORAGE_PATH: '/' })
  expect(status).toBe(0)
  expect(stdout).toMatch(/^free=\d+$/m)
})
