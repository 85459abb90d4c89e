import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { findStoreAround, listIncidents } from '../../../operate/index.ts'
import { formatIncidents } from '../../../report/index.ts'
import { createPorts } from '../../ports.ts'
import { print } from '../../print.ts'

/** `handbook incident list`: the incidents that are open, or all. */
export const incidentList = defineCommand({
  meta: {
    name: 'list',
    description: `The incidents that are open, newest first

  handbook incident list
  handbook incident list --all --env production`,
  },
  args: {
    all: { type: 'boolean', description: 'Closed ones, too' },
    env: { type: 'string', description: 'Of this environment only', valueHint: 'NAME' },
    json: { type: 'boolean', description: 'Data for scripts' },
  },
  async run({ args: { all = false, env, json } }) {
    const store = await findStoreAround(createPorts())
    const incidents = await listIncidents(store, { all, ...(env === undefined ? {} : { environments: [env] }) })
    if (json) process.stdout.write(`${formatJson({ incidents })}\n`)
    else if (incidents.length === 0) print(all ? 'No incident was declared here\n' : 'No incident is open\n')
    else print(formatIncidents(incidents, new Date()))
    return 0
  },
})
