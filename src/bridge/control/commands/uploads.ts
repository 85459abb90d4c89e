import type { Configuration } from '../../configuration/schema.ts'
import { formatByteSize, formatDuration } from '../../configuration/value-types.ts'
import { type DeliveryState, findDelivery, listUploads } from '../../database/uploads.ts'
import { uploadsFolder } from '../../storage/layout.ts'
import { listPartials, readPartial } from '../../storage/partials.ts'
import { describeRow, type UploadDescription } from '../../uploads/describe-upload.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand, durationOption, idArgument, limitOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment, withDatabase } from '../deployment.ts'
import { renderList, type TableColumn } from '../table.ts'

/** `bridgectl uploads list`; with `--partial` alone it needs no database. */
export function listUploadsCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads list',
    description: 'List uploads, the oldest first; without a state, of every state',
    examples: ['uploads list', 'uploads list --partial --older-than 24h --json | jq length', 'uploads list --held'],
    args: {
      partial: { type: 'boolean', description: 'Begun and not complete; age is the time since the last byte' },
      pending: { type: 'boolean', description: 'Acknowledged and not delivered' },
      held: { type: 'boolean', description: 'Held for a reason' },
      delivered: { type: 'boolean', description: 'Delivered' },
      'older-than': { type: 'string', valueHint: 'duration', default: '0s', description: 'Only those older' },
      limit: { type: 'string', valueHint: 'n', description: 'At most this many' },
    },
    async run(args, { stdout, now, columns }) {
      const configuration = await openDeployment(context, args)
      const listed = await list(configuration, {
        states: allStates.filter(state => args[state]),
        before: new Date(now().getTime() - durationOption('older-than', args['older-than'])),
        limit: limitOption(args.limit),
      })
      stdout(renderList(listed, table(now()), { json: args.json, width: columns }))
    },
  })
}

const allStates = ['partial', 'pending', 'held', 'delivered'] as const

interface Choice {
  readonly states: readonly UploadDescription['state'][]
  readonly before: Date
  readonly limit: number | undefined
}

interface ListedUpload extends UploadDescription {
  /** The time of a partial upload's last byte, or of the acknowledgement. */
  readonly at: Date
  /** The client: `key:ID` or `address:IP`. */
  readonly owner?: string
}

async function list(configuration: Configuration, choice: Choice): Promise<readonly ListedUpload[]> {
  const states = choice.states.length === 0 ? allStates : choice.states
  const rowStates = states.filter((state): state is DeliveryState => state !== 'partial')
  const partials = states.includes('partial') ? await readPartials(configuration, choice.before) : []
  const rows = rowStates.length === 0 ? [] : await readRows(configuration, rowStates, choice)
  return [...partials, ...rows].slice(0, choice.limit)
}

async function readPartials({ storage }: Configuration, before: Date): Promise<readonly ListedUpload[]> {
  const partials = await listPartials(uploadsFolder(storage.path))
  return partials
    .filter(partial => partial.lastWritten <= before)
    .map(({ id, name, size, offset, owner, lastWritten }) => ({
      id,
      name,
      ...(size === undefined ? {} : { size }),
      offset,
      state: 'partial',
      at: lastWritten,
      ...(owner === undefined ? {} : { owner }),
    }))
}

async function readRows(
  configuration: Configuration,
  states: readonly DeliveryState[],
  { before, limit }: Choice,
): Promise<readonly ListedUpload[]> {
  const rows = await withDatabase(configuration, pool => listUploads(pool, { states, before, limit }))
  return rows.map(row => ({
    ...describeRow(row),
    at: row.acknowledgedAt,
    ...(row.owner === null ? {} : { owner: row.owner }),
  }))
}

function table(now: Date): readonly TableColumn<ListedUpload>[] {
  return [
    { title: 'ID', value: upload => upload.id },
    { title: 'STATE', value: upload => upload.state },
    { title: 'BYTES', value: upload => formatByteSize(upload.offset), alignRight: true },
    { title: 'AGE', value: upload => formatDuration(now.getTime() - upload.at.getTime()), alignRight: true },
    { title: 'NAME', value: upload => upload.name, flexible: true },
  ]
}

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
