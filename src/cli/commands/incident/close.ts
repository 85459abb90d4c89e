import { defineCommand } from 'citty'
import { formatJson } from '../../../base/index.ts'
import { demandHandbook, draftPostmortem, findStoreAround } from '../../../operate/index.ts'
import { createPorts } from '../../ports.ts'
import { paint, print } from '../../print.ts'
import { actAs, defineChange, findIncident, INCIDENT_ARGS } from './change-command.ts'

/** `handbook incident close`: it is over. */
export const close = defineChange({
  name: 'close',
  description: `Close an incident. It is refused while runs left changes unreverted, unless you say why

  handbook incident close
  handbook incident close --reason "Admission stays closed until Monday, as agreed with downstream"

Exit code: 0 closed; 2 no such incident; 3 changes are unreverted.`,
  args: { reason: { type: 'string', description: 'Why, when changes are unreverted; recorded', valueHint: 'WHY' } },
  read: ({ reason }) => ({ do: 'close', ...(reason === undefined ? {} : { reason }) }),
  done: 'The incident is closed. Draft its postmortem: handbook incident postmortem --incident ID',
})

/** `handbook incident postmortem`: the draft of the page that is written afterwards. */
export const postmortem = defineCommand({
  meta: {
    name: 'postmortem',
    description: `Write the draft of an incident's postmortem: the timeline, the measured times and the evidence

  handbook incident postmortem --incident 20261129-031502-k7f2

It is made from the template of this handbook. Notes are in it when they are pinned. handbook check names what is left to write.`,
  },
  args: INCIDENT_ARGS,
  async run({ args: { incident, as, json } }) {
    const ports = createPorts()
    const handbook = await demandHandbook(ports.cwd)
    const store = await findStoreAround(ports)
    const id = await findIncident(store, incident)
    const { path, template } = await draftPostmortem(store, id, { handbook, by: actAs(ports.by, as) })
    if (json) process.stdout.write(`${formatJson({ incident: id, path })}\n`)
    else {
      print(`${paint.green('✓')} ${path}${paint.dim(`, from ${template}`)}\n`)
      print('  Read it for names of customers before you publish it, and list it where your site lists pages.\n')
      print(`  What is left to write: handbook check ${path}\n`)
    }
    return 0
  },
})
