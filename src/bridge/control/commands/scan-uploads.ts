import { existsSync } from 'node:fs'
import type { Configuration } from '../../configuration/schema.ts'
import { findMalware } from '../../content/check-malware.ts'
import { type DeliveryState, listUploads, type UploadRow } from '../../database/uploads.ts'
import { uploadFiles, uploadsFolder } from '../../storage/layout.ts'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { type ControlContext, openDeployment, withDatabase } from '../deployment.ts'
import { renderList, type TableColumn } from '../table.ts'

/** `bridgectl uploads scan`: a scanner knows more today than when an upload was acknowledged. It changes nothing. */
export function scanUploadsCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads scan',
    description: 'Scan again what a client sent, as far as its bytes are still here',
    examples: [
      'uploads scan --owner key:customer-7',
      `uploads scan --owner key:customer-7 --json | jq '.[] | select(.result == "infected")'`,
    ],
    args: {
      owner: { type: 'string', required: true, valueHint: 'client', description: 'The client, key:ID or address:IP' },
    },
    async run(args, { stdout, now, columns }) {
      const configuration = await openDeployment(context, args)
      const filter = { states: acknowledged, before: now(), limit: undefined }
      const rows = await withDatabase(configuration, pool => listUploads(pool, filter))
      const scanned: ScannedUpload[] = []
      for (const row of rows) if (row.owner === args.owner) scanned.push(await scan(row, configuration))
      if (scanned.length === 0) throw failure(`no acknowledged upload of ${args.owner} is known`)
      stdout(renderList(scanned, table, { json: args.json, width: columns }))
    },
  })
}

const acknowledged: readonly DeliveryState[] = ['pending', 'held', 'delivered']

interface ScannedUpload extends Pick<UploadRow, 'id' | 'name' | 'sha256' | 'state'> {
  readonly at: Date
  /** `gone`: the bytes are not here any more, so nobody can look. */
  readonly result: 'clean' | 'infected' | 'gone'
  /** What the scanner calls it. */
  readonly found?: string
}

async function scan(row: UploadRow, { storage, scan }: Configuration): Promise<ScannedUpload> {
  const { id, name, sha256, state, acknowledgedAt: at } = row
  const { data } = uploadFiles(uploadsFolder(storage.path), id)
  const upload = { id, name, sha256, state, at }
  if (!existsSync(data)) return { ...upload, result: 'gone' }
  const found = await findMalware(data, scan)
  return found === undefined ? { ...upload, result: 'clean' } : { ...upload, result: 'infected', found }
}

const table: readonly TableColumn<ScannedUpload>[] = [
  { title: 'ID', value: upload => upload.id },
  { title: 'STATE', value: upload => upload.state },
  { title: 'RESULT', value: upload => upload.found ?? upload.result },
  { title: 'NAME', value: upload => upload.name, flexible: true },
]
