import type { Configuration } from '../../configuration/schema.ts'
import { findDelivery } from '../../database/uploads.ts'
import { uploadsFolder } from '../../storage/layout.ts'
import { readPartial } from '../../storage/partials.ts'
import type { ControlContext } from '../context.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { openDeployment, withDatabase } from '../deployment.ts'
import { idArgument } from '../parse-options.ts'

/** `bridgectl uploads show`. */
export function showUploadCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads show',
    description: 'Show all that is known of one upload',
    examples: ['uploads show 4b1f…', 'uploads show 4b1f… --json | jq -r .state'],
    args: { id: { type: 'positional', required: true, description: 'The upload' } },
    async run(args, { stdout }) {
      const id = idArgument(args.id)
      const facts = await findFacts(await openDeployment(context, args), id)
      if (facts === undefined) throw failure(`there is no upload ${id}`)
      stdout(args.json ? `${JSON.stringify(facts)}\n` : render(facts))
    },
  })
}

async function findFacts(configuration: Configuration, id: string): Promise<object | undefined> {
  const partial = await readPartial(uploadsFolder(configuration.storage.path), id)
  if (partial !== undefined) return { ...partial, state: 'partial' }
  return withDatabase(configuration, pool => findDelivery(pool, id))
}

function render(facts: object): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name.padEnd(16)}${value instanceof Date ? value.toISOString() : value}\n`)
    .join('')
}
