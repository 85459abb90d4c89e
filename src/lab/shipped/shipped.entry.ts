import { LabError } from '../../lab-port/index.ts'
import { startLab } from '../lifecycle/start-lab.ts'
import type { StartOptions } from '../status.ts'

// Runs a lab in a mount namespace of its own. It says what happens as lines of JSON, and ends with whoever started it.
const [text = '{}'] = process.argv.slice(2)
const options: Omit<StartOptions, 'log' | 'signal' | 'env'> = JSON.parse(text)
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
process.stdout.on('error', () => undefined)

async function main(): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  process.stdin.on('close', () => stop.abort()).resume()
  const lab = await startLab({ ...options, log: line => say({ log: line }), signal: stop.signal })
  const end = () => void lab.down({ now: true })
  if (stop.signal.aborted) end()
  else stop.signal.addEventListener('abort', end)
  say({ ready: true })
  await lab.ended
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const code = error instanceof LabError ? error.code : 'part-failed'
    say({ error: { code, message: error instanceof Error ? error.message : String(error) } })
    process.exit(1)
  },
)
