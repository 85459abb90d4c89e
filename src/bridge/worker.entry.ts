import { runProcess } from './run-process.ts'
import { runWorker } from './worker/run-worker.ts'

// Other users of this machine must not read customers' files or our records of them.
process.umask(process.umask(0o027) | 0o027)

const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
process.once('SIGINT', () => stop.abort())

void runProcess(
  {
    service: 'upload-bridge-worker',
    program: 'worker',
    bundleFolder: __dirname,
    arguments: process.argv.slice(2),
    environment: process.env,
    stdout: process.stdout,
    stop: stop.signal,
    onReload: listener => process.on('SIGHUP', listener),
  },
  runWorker,
).then(code => process.exit(code))
