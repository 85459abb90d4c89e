import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from './until.ts'

/** A real clamd. */
export interface RealClamd {
  /** `unix:/path`. */
  readonly address: string
  /** Reads these words as signatures, each at the beginning of a file, in place of those before. */
  learn(...words: readonly string[]): Promise<void>
  /** Freezes it: it takes connections and never answers. */
  freeze(): void
  stop(): Promise<void>
}

/** Starts clamd as it is shipped, with signatures and a socket of its own. It recognises what begins with one of the words. */
export async function startRealClamd(parent: string, ...words: readonly string[]): Promise<RealClamd> {
  const folder = await mkdtemp(join(parent, 'clamd-'))
  const socket = join(folder, 'clamd.ctl')
  const learn = (known: readonly string[]) =>
    writeFile(
      join(folder, 'test.ndb'),
      known.map(word => `Test.${word}:0:0:${Buffer.from(word).toString('hex')}\n`).join(''),
    )
  await learn(words)
  const configuration = join(folder, 'clamd.conf')
  await writeFile(configuration, `LocalSocket ${socket}\nDatabaseDirectory ${folder}\nTemporaryDirectory ${folder}\n`)
  const env = { PATH: `${process.env.PATH}:/usr/sbin` }
  const clamd: ChildProcess = spawn('clamd', ['--foreground=true', `--config-file=${configuration}`], {
    env,
    stdio: 'ignore',
  })
  await until('clamd answers', () => answers(socket))
  return {
    address: `unix:${socket}`,
    async learn(...known) {
      await learn(known)
      clamd.kill('SIGUSR2')
    },
    freeze: () => void clamd.kill('SIGSTOP'),
    async stop() {
      const ended = once(clamd, 'exit')
      clamd.kill('SIGKILL')
      await ended
    },
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path, () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.end())
  })
}
