import { inspectorCommand, runInspector } from './content/archive/inspector.ts'

// Other users of this machine must not read customers' files or our records of them.
process.umask(process.umask(0o027) | 0o027)

// An inspector of an archive needs little of the program, and starts with that alone.
const [, , command, ...rest] = process.argv
if (command === inspectorCommand) void runInspector(rest, text => process.stdout.write(text))
else void serve()

async function serve(): Promise<void> {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort())
  process.once('SIGINT', () => stop.abort())
  const [{ runApi }, { runProcess }] = await Promise.all([import('./api/run-api.ts'), import('./run-process.ts')])
  const code = await runProcess(
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
  )
  process.exit(code)
}
