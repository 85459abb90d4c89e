import { isGood, keysPath, readKeys } from '../../auth/keys-file.ts'
import { formatDuration } from '../../configuration/value-types.ts'
import { type Block, blockClient, listBlocks, mostBlocks, unblockClient } from '../../database/blocks.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment, withDatabase } from '../deployment.ts'
import { renderList, type TableColumn } from '../table.ts'

/** Longer than this nobody is blocked: who must never come again has a key that is revoked. */
const longest = '30d'

/** `bridgectl clients list`. */
export function listClientsCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'clients list',
    description: 'List the clients that are blocked, with the time that is left',
    examples: ['clients list', 'clients list --json'],
    args: {},
    async run(args, { stdout, columns }) {
      const blocks = await withDatabase(await openDeployment(context, args), listBlocks)
      stdout(renderList(blocks.map(asShown), table, { json: args.json, width: columns }))
    },
  })
}

type Shown = Omit<Block, 'client' | 'left'> & { readonly id: string; readonly left: string }

function asShown({ client, left, ...block }: Block): Shown {
  return { id: client.replace(/^key:/, ''), ...block, left: formatDuration(left) }
}

const table: readonly TableColumn<Shown>[] = [
  { title: 'ID', value: block => block.id },
  { title: 'SINCE', value: block => block.since.toISOString().slice(0, 16) },
  { title: 'ENDS IN', value: block => block.left, alignRight: true },
  { title: 'WHY', value: block => block.reason, flexible: true },
]

/** `bridgectl clients block`. */
export function blockClientCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'clients block',
    changes: true,
    description: 'Refuse every request of one client for some time; what it uploaded stays, and is delivered',
    examples: ['clients block scanner-7 --expires 4h --reason "sends the same file again and again"'],
    args: {
      id: { type: 'positional', required: true, description: 'The name of its API key' },
      expires: { type: 'string', required: true, valueHint: 'duration', description: `At most ${longest}` },
      reason: { type: 'string', required: true, valueHint: 'text', description: 'Why, for the next operator' },
    },
    async run(args, { stdout, now }) {
      const duration = durationOption('expires', args.expires)
      if (duration <= 0 || duration > durationOption('expires', longest))
        throw wrongUsage(`--expires wants at most ${longest}; bridgectl keys revoke is for ever`)
      if (args.reason.trim() === '') throw wrongUsage('--reason must say why')
      const configuration = await openDeployment(context, args)
      const key = (await readKeys(keysPath(configuration))).find(({ id }) => id === args.id)
      if (key === undefined) throw failure(`there is no key ${args.id}`)
      if (!isGood(key, now())) throw failure(`${args.id} is revoked or expired, so it is refused already`)
      if (key.role !== 'upload')
        throw failure(`${args.id} has the role ${key.role}; only clients that upload are blocked`)
      const request = { client: `key:${args.id}`, reason: args.reason, duration }
      const block = await withDatabase(configuration, pool => blockClient(pool, request))
      if (block === undefined) throw failure(`${mostBlocks} clients are blocked, and that is the most`)
      stdout(
        args.json
          ? `${JSON.stringify(asShown(block))}\n`
          : `${args.id} is blocked until ${block.expiresAt.toISOString()}\n`,
      )
    },
  })
}

/** `bridgectl clients unblock`. */
export function unblockClientCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'clients unblock',
    changes: true,
    description: 'End the block of a client before it ends by itself',
    examples: ['clients unblock scanner-7'],
    args: { id: { type: 'positional', required: true, description: 'The name of its API key' } },
    async run(args, { stdout }) {
      const configuration = await openDeployment(context, args)
      const wasBlocked = await withDatabase(configuration, pool => unblockClient(pool, `key:${args.id}`))
      const said = wasBlocked ? `${args.id} may come again\n` : `${args.id} is not blocked\n`
      stdout(args.json ? `${JSON.stringify({ id: args.id, blocked: false, wasBlocked })}\n` : said)
    },
  })
}
