import { rm, writeFile } from 'node:fs/promises'
import { type ApiKey, isGood, issueKey, keysPath, readKeys, updateKeys } from '../../auth/keys-file.ts'
import { roles } from '../../auth/roles.ts'
import { giveToFolderOwner } from '../../storage/ownership.ts'
import { failure, wrongUsage } from '../control-error.ts'
import { defineControlCommand, durationOption } from '../define-control-command.ts'
import { type ControlContext, openDeployment } from '../deployment.ts'
import { renderTable } from '../table.ts'

/** `bridgectl keys list`. */
export function listKeysCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'keys list',
    description: 'List the API keys; the keys themselves are not stored',
    examples: ['keys list'],
    args: {},
    async run(args, { stdout, columns, now }) {
      const stored = await readKeys(keysPath(await openDeployment(context, args)))
      const keys = stored.map(({ hash: _hash, ...key }) => ({ ...key, state: stateOf(key, now()) }))
      if (args.json) return stdout(`${JSON.stringify(keys)}\n`)
      const table = [
        { title: 'ID', value: (key: (typeof keys)[number]) => key.id, flexible: true },
        { title: 'ROLE', value: (key: (typeof keys)[number]) => key.role },
        { title: 'STATE', value: (key: (typeof keys)[number]) => key.state },
        { title: 'CREATED', value: (key: (typeof keys)[number]) => key.createdAt.slice(0, 10) },
        { title: 'EXPIRES', value: (key: (typeof keys)[number]) => key.expiresAt?.slice(0, 10) ?? 'never' },
        { title: 'REVOKED', value: (key: (typeof keys)[number]) => key.revokedAt?.slice(0, 10) ?? '-' },
      ]
      stdout(renderTable(table, keys, columns))
    },
  })
}

function stateOf(key: Omit<ApiKey, 'hash'>, now: Date): 'good' | 'expired' | 'revoked' {
  if (key.revokedAt !== undefined) return 'revoked'
  return isGood(key, now) ? 'good' : 'expired'
}

/** `bridgectl keys create`: shows the key once, or writes it to a file that only its owner can read. */
export function createKeyCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'keys create',
    changes: true,
    description: 'Make an API key; it is shown once',
    examples: ['keys create scanner-7 --role upload', 'keys create ci --role read --expires 90d --output ci.key'],
    args: {
      id: { type: 'positional', required: true, description: 'Its name: small letters, digits, dashes' },
      role: { type: 'enum', options: [...roles], required: true, description: 'What it may do' },
      expires: { type: 'string', valueHint: 'duration', description: 'How long it is valid; for ever by default' },
      output: { type: 'string', valueHint: 'file', description: 'A new file for the key, instead of showing it' },
    },
    async run(args, { stdout, now }) {
      if (!/^[a-z\d][a-z\d-]{0,39}$/.test(args.id))
        throw wrongUsage(`"${args.id}" is not a name: small letters, digits, dashes`)
      const role = roles.find(known => known === args.role)
      if (role === undefined) throw wrongUsage(`--role is one of ${roles.join(', ')}`)
      const lifetime = args.expires ? durationOption('expires', args.expires) : undefined
      const configuration = await openDeployment(context, args)
      const { text, key } = issueKey(args.id, role, now(), lifetime)
      let written: string | undefined
      try {
        await updateKeys(configuration, async keys => {
          if (keys.some(({ id }) => id === args.id)) throw failure(`there is a key ${args.id}; ids are not used again`)
          if (args.output) written = await writeKeyFile(args.output, text)
          return [...keys, key]
        })
      } catch (error) {
        // If the key could not be stored, remove its file: nobody can use it.
        if (written !== undefined) await rm(written, { force: true })
        throw error
      }
      const shown = args.output ? { file: args.output } : { key: text }
      stdout(
        args.json
          ? `${JSON.stringify({ id: args.id, role, ...shown })}\n`
          : `${args.output ? `${args.id} is in ${args.output}` : text}\n`,
      )
    },
  })
}

/** `bridgectl keys revoke`. */
export function revokeKeyCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'keys revoke',
    changes: true,
    description: 'Revoke an API key, from the next request on',
    examples: ['keys revoke scanner-7'],
    args: { id: { type: 'positional', required: true, description: 'Its name' } },
    async run(args, { stdout, now }) {
      const configuration = await openDeployment(context, args)
      let revokedAt = now().toISOString()
      await updateKeys(configuration, async keys => {
        const key = keys.find(({ id }) => id === args.id)
        if (key === undefined) throw failure(`there is no key ${args.id}`)
        revokedAt = key.revokedAt ?? revokedAt
        return keys.map(each => (each === key ? { ...key, revokedAt } : each))
      })
      stdout(args.json ? `${JSON.stringify({ id: args.id, revokedAt })}\n` : `${args.id} is revoked\n`)
    },
  })
}

async function writeKeyFile(path: string, text: string): Promise<string> {
  await writeFile(path, `${text}\n`, { mode: 0o600, flag: 'wx' })
  giveToFolderOwner(path)
  return path
}
