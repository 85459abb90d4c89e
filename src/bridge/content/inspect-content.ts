import { stat } from 'node:fs/promises'
import { type Entry, open, type ZipFile } from 'yauzl'
import type { Configuration } from '../configuration/schema.ts'
import { BridgeProblem } from '../problem/bridge-problem.ts'
import { checkMalware } from './check-malware.ts'
import { checkType } from './file-types.ts'

/** Inspects a complete file before it is acknowledged. Throws a problem with the reason when it is refused. */
export type InspectContent = (path: string, name: string) => Promise<void>

/** Makes the function that inspects content: file type, archive and malware. */
export function createInspectContent(configuration: () => Configuration): InspectContent {
  return async (path, name) => {
    const { limits, scan } = configuration()
    const isArchive = await checkType(path, name)
    if (isArchive) await checkArchive(path, limits.archive)
    await checkMalware(path, scan)
  }
}

type Limits = Configuration['limits']['archive']

/**
 * Refuses a ZIP that unpacks to too many bytes, has too many entries, or has an entry outside its folder (OWASP ASVS 5.2.3). Reads only the
 * ZIP's directory, and does not open archives inside archives.
 */
async function checkArchive(path: string, limits: Limits): Promise<void> {
  const { size } = await stat(path)
  const archive = await openArchive(path)
  try {
    if (archive.entryCount > limits.entries)
      throw refused(`it has ${archive.entryCount} entries, more than ${limits.entries}`)
    await readDirectory(archive, size, limits)
  } finally {
    archive.close()
  }
}

async function readDirectory(archive: ZipFile, size: number, limits: Limits): Promise<void> {
  const sums = { entries: 0, compressed: 0, uncompressed: 0 }
  const add = (entry: Entry) => {
    sums.entries += 1
    sums.compressed += entry.compressedSize
    sums.uncompressed += entry.uncompressedSize
    if (sums.entries > limits.entries) throw refused(`it has more than ${limits.entries} entries`)
    if (sums.uncompressed > limits.uncompressed) throw refused(`it unpacks to more than ${limits.uncompressed} bytes`)
    if (sums.uncompressed > size * limits.ratio) throw refused(`it unpacks to more than ${limits.ratio} times its size`)
    // Entries may share their bytes: such a ZIP unpacks to many times its size.
    if (sums.compressed > size) throw refused('its entries overlap')
  }
  await new Promise<void>((resolve, reject) => {
    archive.on('entry', (entry: Entry) => {
      try {
        add(entry)
        archive.readEntry()
      } catch (error) {
        reject(error)
      }
    })
    archive.on('end', resolve)
    // This also catches absolute names and names with `..`.
    archive.on('error', error => reject(refused(error.message)))
    archive.readEntry()
  })
}

function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false, strictFileNames: false }, (error, archive) => {
      if (error) reject(refused(error.message))
      else resolve(archive)
    })
  })
}

function refused(detail: string): BridgeProblem {
  return new BridgeProblem('archive-refused', { detail })
}
