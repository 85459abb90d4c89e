import { startLab } from '../../src/lab/index.ts'

// Owns a lab in a process of its own: `node supervise.cjs DIRECTORY`. Prints the status when it is up; SIGTERM ends it.
const [directory = ''] = process.argv.slice(2)
const stop = new AbortController()

async function main(): Promise<void> {
  const lab = await startLab({
    directory,
    bundles: __dirname,
    rules: 'static/monitoring',
    prometheus: false,
    log: line => process.stderr.write(`${line}\n`),
    signal: stop.signal,
  })
  process.stdout.write(`${JSON.stringify(lab.status())}\n`)
  stop.signal.addEventListener('abort', () => void lab.down())
  if (stop.signal.aborted) await lab.down()
  await lab.ended
}

process.once('SIGTERM', () => stop.abort(new Error('told to stop')))
main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
})
