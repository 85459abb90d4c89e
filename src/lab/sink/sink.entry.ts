import { parseArgs } from 'node:util'
import { createSink, openReceivedLog } from './sink.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, data: { type: 'string' } } })

async function main(): Promise<void> {
  if (values.data === undefined) throw new Error('usage: sink --data FILE [--port N]')
  const server = createSink(await openReceivedLog(values.data))
  server.listen(Number(values.port), '127.0.0.1', () =>
    console.log(JSON.stringify({ msg: 'listening', ...Object(server.address()) })),
  )
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      server.close(() => process.exit(0))
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), 1000).unref()
    })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
