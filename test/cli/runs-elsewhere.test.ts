import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requires } from '../environment/requires.ts'
import { endLiving, eventually, findLiving, makeMarker } from '../execute/living.ts'
import { createHandbook } from './handbook.ts'

const YAML = 'url: https://x.example\nenvironments:\n  staging: { auto: danger }\n'

let handbook: Awaited<ReturnType<typeof createHandbook>>
let marker = ''

/** A run on a machine with another name, that shares the folder of runs. */
describe.runIf(requires('a run on another machine', ['root', 'unshare', 'hostname']))(
  'a run on another machine',
  () => {
    beforeEach(async () => {
      handbook = await createHandbook()
      marker = makeMarker()
      handbook.write('handbook.yaml', YAML)
      const step = (id: string, code: string) => `### ${id} <!-- #${id} -->\n\n\`\`\`bash\n${code}\n\`\`\`\n`
      const page = [
        step('one', 'echo one >> witness'),
        step('two', `echo two >> witness; test -e go || sleep ${marker}`),
      ]
      handbook.write('docs/hang.md', `---\ntitle: Hang\n---\n\n## Procedure\n\n${page.join('\n')}`)
    })
    afterEach(async () => {
      endLiving(marker)
      await handbook.remove()
    })

    const witness = () => readFileSync(join(handbook.cwd, 'witness'), 'utf8').trimEnd().split('\n')

    async function hang() {
      const command = `hostname far-machine; exec ${process.execPath} ${join(handbook.bundles, 'handbook.cjs')} run hang --env staging --auto`
      const runner = spawn('unshare', ['-u', 'sh', '-c', command], {
        cwd: handbook.cwd,
        env: handbook.env,
        stdio: 'ignore',
      })
      const ended = new Promise<number | null>(resolve => runner.once('exit', resolve))
      expect(await eventually(() => findLiving(marker).length > 0)).toBe(true)
      const [run = ''] = readdirSync(join(handbook.cwd, '.handbook/runs'))
      return { runner, ended, run }
    }

    test('is seen to be alive, keeps others out, and is ended by a request', async () => {
      const { ended, run } = await hang()
      expect((await handbook.run('runs', 'show', run)).stdout).toContain('RUNNING by')
      for (const command of ['resume', 'roll-back'])
        expect(await handbook.run('runs', command, run, '--auto')).toMatchObject({
          exitCode: 3,
          stderr: expect.stringMatching(/is still running: \S+@far-machine/),
        })
      expect((await handbook.run('run', 'hang', '--env', 'staging', '--auto')).stdout).toMatch(
        /far-machine\s+is\s+changing\s+this\s+already/,
      )
      expect(await handbook.run('runs', 'cancel', run)).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining(`Run ${run} is cancelled; all its processes have ended`),
      })
      expect(await ended).toBe(130)
      expect(findLiving(marker)).toEqual([])
    }, 120_000)

    test('is resumed here once it is gone there, without repeating what had ended', async () => {
      const { runner, ended, run } = await hang()
      runner.kill('SIGKILL')
      await ended
      writeFileSync(join(handbook.cwd, 'go'), '')
      const refused = await handbook.run('runs', 'resume', run, '--auto')
      expect(refused).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('“two” was interrupted') })
      const resumed = await handbook.run('runs', 'resume', run, '--auto', '--interrupted', 'repeat')
      expect(resumed.exitCode).toBe(0)
      expect(resumed.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'what #two started on far-machine cannot be seen from here',
      )
      expect(witness()).toEqual(['one', 'two', 'two'])
      expect((await handbook.run('runs', 'show', run)).exitCode).toBe(0)
      expect(existsSync(join(handbook.cwd, '.handbook/runs', run, 'cancel.json'))).toBe(false)
    }, 120_000)
  },
)
