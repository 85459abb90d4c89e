import { parseArgs } from 'node:util'
import { createPager } from './pager.ts'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const server = createPager()
server.listen(Number(values.port), '127.0.0.1', () =>
  console.log(JSON.stringify({ msg: 'listening', ...Object(server.address()) })),
)
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0))
