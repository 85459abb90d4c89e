import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { Ports } from '../../../src/operate/index.ts'

/** What `handbook prove` needs of the world, in a folder. */
export function inputPorts(cwd: string): Ports {
  return {
    cwd,
    env: process.env,
    by: { user: 'tester', host: hostname(), pid: process.pid },
    bundles: resolve('dist'),
    say: () => {},
    practice: { connect: async () => undefined },
    signal: new AbortController().signal,
  }
}
