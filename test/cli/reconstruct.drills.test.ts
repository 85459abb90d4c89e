import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LEFT_OUT } from '../../src/lab/legacy/legacy-plan.ts'
import { mutations } from '../../src/lab/mutations/index.ts'
import { findLacking } from '../../src/lab/shipped/requirements.ts'
import type { Assessment } from '../../src/readiness/index.ts'
import { leaveOut } from '../environment/requires.ts'
import { OUR_CATALOGUE } from '../readiness/our-catalogue.ts'
import { createHandbook } from './handbook.ts'
import { check, page } from './prove-pages.ts'

const lacking = findLacking(process.env.PATH)
if (lacking.length > 0) leaveOut('the legacy lab', lacking.join('; '))

let handbook: Awaited<ReturnType<typeof createHandbook>>
beforeEach(async () => {
  handbook = await createHandbook()
})
afterEach(() => handbook.remove())

const HEALTH = `curl -s -o /dev/null -w '%{content_type}' "$TARGET_URL/livez" | grep health+json`
const SCRIPT = `grep '"test": "vitest"' package.json`

describe.runIf(lacking.length === 0)('a lab that reconstructs what was claimed', () => {
  test('is assessed by what was broken of it, of the files too, and kept apart', { timeout: 300_000 }, async () => {
    handbook.write('handbook.yaml', `${handbook.lab}${HANDBOOK}`)
    handbook.write('catalogue.yaml', OUR_CATALOGUE)
    handbook.write('.gitignore', '.handbook/\n')
    handbook.write('package.json', '{ "scripts": { "test": "vitest" } }\n')
    cpSync('static/monitoring', join(handbook.cwd, 'static/monitoring'), { recursive: true })
    handbook.write(
      'docs/readiness/health.md',
      page('health', check('json', 'item=health-1 breaks=plain-health', HEALTH)),
    )
    handbook.write('docs/readiness/ops.md', page('ops', check('tests', 'item=ops-1 breaks=tests-off', SCRIPT)))
    handbook.write('docs/readiness/log.md', page('log', check('lines', 'item=log-1 breaks=quiet-logs', 'false')))
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: handbook.cwd, stdio: 'ignore' })
    git('init')
    git('add', '--all')
    git('-c', 'user.name=A', '-c', 'user.email=a@x.example', 'commit', '--message', 'all')

    const { exitCode, stderr } = await handbook.run('assess', '--env', 'lab', '--profile', 'legacy', '--write')
    expect(stderr).toContain('Kept in static/readiness/reconstructed.json')
    expect(exitCode).toBe(0)
    const read = (path: string) => readFileSync(join(handbook.cwd, path), 'utf8')
    const kept: Assessment = JSON.parse(read('static/readiness/reconstructed.json'))
    const { profile, items, reconstruction } = kept
    expect(profile).toBe('legacy')
    const find = (wanted: string) => items.find(({ id }) => id === wanted)
    expect(find('health-1')?.result).toBe('failed')
    expect(find('ops-1')?.result).toBe('failed')
    expect(find('log-1')).toMatchObject({
      result: 'unknown',
      reason: expect.stringContaining('quiet-logs: it would hide'),
    })
    expect(items.filter(({ result }) => result === 'failed')).toHaveLength(2)
    // The service starts with everything that the plan does not leave out, and each of these is in effect.
    const wanted = mutations.map(({ name }) => name).filter(name => !Object.hasOwn(LEFT_OUT, name))
    expect(Object.keys(reconstruction?.made ?? {})).toEqual(expect.arrayContaining(wanted))
    // Of the files, only what can be edited here.
    expect(reconstruction?.made).toHaveProperty('tests-off')
    expect(reconstruction?.leftOut).toHaveProperty('unlisted-runbook')
    expect(read('package.json')).toContain('vitest')
    expect(existsSync(join(handbook.cwd, 'static/readiness/assessment.json'))).toBe(false)
    expect(readdirSync(join(handbook.cwd, '.handbook/workspaces'))).toEqual([])
  })
})

const HANDBOOK = `url: https://x.example
readiness: catalogue.yaml
rules: [static/monitoring]
services: [api, worker]
target: { url: { type: string, description: where } }
environments: { lab: { lab: true } }
`
