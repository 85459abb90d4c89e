import { runApi } from './api/run-api.ts'
import { runProcess } from './run-process.ts'

// What customers sent, and what we note of it, is nobody else's to read on this machine.
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
