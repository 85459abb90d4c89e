import { runApi } from './api/run-api.ts'
import { runProcess } from './run-process.ts'

// Other users of this machine must not read customers' files or our records of them.
process.umask(process.umask(0o027) | 0o027)

const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
process.once('SIGINT', () => stop.abort())

void runProcess(
  {
    service: 'upload-bridge-api',
    program: 'api',
    bundleFolder: __dirname,
    arguments: process.argv.slice(2),
    environment: process.env,
    stdout: process.stdout,
    stop: stop.signal,
    onReload: listener => process.on('SIGHUP', listener),
  },
  runApi,
).then(code => process.exit(code))
