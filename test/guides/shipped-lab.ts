import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll } from 'vitest'
import { connectLab } from '../../src/lab/index.ts'
import type { BridgeLabStatus } from '../../src/lab/status.ts'

/** What the pages of this handbook ask for when they run. */
const PARTS = ['docs', 'runbooks', 'scripts', 'src', 'static', 'handbook.yaml', 'package.json', 'README.md']

/** What a command printed, all of it, and how it ended. */
export interface Printed {
  readonly output: string
  readonly exitCode: number | undefined
}

/** A copy of this handbook of a test file's own, in which somebody types commands; whoever brings its lab up, it is down in the end. */
export function provideShippedLab() {
  let root = ''
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'guides-shipped-'))
    for (const part of PARTS) cpSync(part, join(root, part), { recursive: true })
    for (const part of ['dist', 'node_modules']) symlinkSync(resolve(part), join(root, part))
    mkdirSync(join(root, 'bin'))
  })
  afterAll(async () => {
    await (await connectLab(join(root, '.handbook/lab')))?.down({ now: true })
    rmSync(root, { recursive: true, force: true })
  }, 120_000)

  const status = async (): Promise<BridgeLabStatus> => {
    const lab = await connectLab(join(root, '.handbook/lab'))
    if (!lab) throw new Error('the lab is not up')
    return lab.status()
  }
  /** Types a command, and for each approval that its run waits for what it prints, as the second person would. */
  async function type(command: string, beforeApproval?: (step: string) => Promise<void>): Promise<Printed> {
    const PATH = `${join(root, 'bin')}:${process.env.PATH}`
    const env = { PATH, HOME: process.env.HOME, NO_COLOR: '1', TZ: 'UTC' }
    const options = { cwd: root, env, extendEnv: false, reject: false, stdin: 'ignore', all: true } as const
    const child = execa('bash', ['-c', command], options)
    let output = ''
    let approving: Promise<unknown> = Promise.resolve()
    const approved = new Set<string>()
    child.all.setEncoding('utf8').on('data', (piece: string) => {
      output += piece
      for (const [line, run = '', step = ''] of output.matchAll(/handbook runs approve (\S+) (\S+) --key \S+(?=\n)/g)) {
        if (approved.has(run + step)) continue
        approved.add(run + step)
        approving = approving
          .then(() => beforeApproval?.(step))
          .then(() => execa('bash', ['-c', `npx ${line} --yes`], options))
      }
    })
    const { exitCode } = await child
    await approving
    return { output, exitCode }
  }
  return {
    root: () => root,
    status,
    type,
    /** Makes `bridgectl` the one of the lab, as its status names it. */
    async nameBridgectl(): Promise<void> {
      const { places } = await status()
      const script = `#!/bin/sh\nexec ${places.bridgectl} "$@"\n`
      writeFileSync(join(root, 'bin/bridgectl'), script, { mode: 0o755 })
    },
    /** Runs a page to its end; gives how each step ended, as `usage passed`. */
    async run(page: string, ...args: readonly string[]) {
      const { output, exitCode } = await type(
        ['npx handbook run', page, '--env lab --auto --as ann --json', ...args].join(' '),
      )
      const events = output
        .split('\n')
        .filter(line => line.startsWith('{'))
        .map(line => JSON.parse(line))
      const ended = events.filter(({ type }) => type === 'step.finished')
      return { output, exitCode, steps: ended.map(({ step, status }) => `${step} ${status}`) }
    },
  }
}
