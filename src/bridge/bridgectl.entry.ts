import { userInfo } from 'node:os'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { runBridgectl } from './control/run-bridgectl.ts'
import { readVersion } from './telemetry/log.ts'

// Other users of this machine must not read customers' files or our records of them.
process.umask(process.umask(0o027) | 0o027)

// A reader such as `head` may leave early. That is no failure, and what the command changes is finished all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', error => {
    if (!('code' in error && error.code === 'EPIPE')) throw error
  })
}

const plain = !process.stdout.isTTY || Boolean(process.env.NO_COLOR)

void runBridgectl({
  arguments: process.argv.slice(2),
  environment: process.env,
  stdin: () => text(process.stdin),
  stdout: output => process.stdout.write(plain ? stripVTControlCharacters(output) : output),
  stderr: output => process.stderr.write(plain ? stripVTControlCharacters(output) : output),
  now: () => new Date(),
  user: () => process.env.SUDO_USER || userInfo().username,
  version: readVersion(__dirname),
  columns: process.stdout.columns ?? 80,
}).then(code => {
  process.exitCode = code
})
