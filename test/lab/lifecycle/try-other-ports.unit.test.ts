import { expect, test } from 'vitest'
import { tryOtherPorts } from '../../../src/lab/lifecycle/try-other-ports.ts'
import { LabError } from '../../../src/lab-port/index.ts'

const NGINX = new LabError(
  'part-failed',
  'proxy ended with exit code 1; the end of proxy.log:\n  nginx: [emerg] bind() to 127.0.0.1:20011 failed (98: Address already in use)',
)

/** A lab that fails so often with an error; says how often it was started, and what was logged. */
async function start(error: Error, fails: number) {
  const lines: string[] = []
  let starts = 0
  const once = async () => {
    starts += 1
    if (starts <= fails) throw error
    return 'up'
  }
  const result = await tryOtherPorts(once, line => lines.push(line)).catch((thrown: unknown) => thrown)
  return { result, starts, lines: lines.length }
}

test('a lab whose port somebody took starts again, and says so', async () => {
  expect(await start(NGINX, 1)).toEqual({ result: 'up', starts: 2, lines: 1 })
})

test('after three starts it gives up with what the part said', async () => {
  expect(await start(NGINX, 9)).toEqual({ result: NGINX, starts: 3, lines: 2 })
})

test('whatever else is wrong is not tried again', async () => {
  const failed = new LabError('part-failed', 'api ended with exit code 1')
  expect(await start(failed, 9)).toEqual({ result: failed, starts: 1, lines: 0 })
  const stopped = new LabError('stopped', 'address already in use')
  expect(await start(stopped, 9)).toEqual({ result: stopped, starts: 1, lines: 0 })
})
