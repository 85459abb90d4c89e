import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'

/** The page that sets a machine up, relative to the handbook's root. */
export const PAGE = 'docs/deployment/new-machine.md'

/** A block of the page, and the line at which it begins. */
export interface PageBlock {
  readonly line: number
  readonly code: string
}

/** The blocks that the page tells an operator to run on the machine, in its order. */
export interface PageBlocks {
  /** As root, before the first key can be made. */
  readonly machine: readonly PageBlock[]
  /** As root, where nginx is. */
  readonly proxy: readonly PageBlock[]
  /** As root, where the malware scanner is. */
  readonly scanner: readonly PageBlock[]
  /** Where the database is. */
  readonly database: readonly PageBlock[]
  /** As root, once the first release is there. */
  readonly service: readonly PageBlock[]
}

const FENCE = /^```bash static=.*\n([\s\S]*?)^```$/gm

/** Reads the page's own procedure, so that the page and the lab cannot differ. Throws a `LabError` when it is not there. */
export async function readPageBlocks(root: string): Promise<PageBlocks> {
  const text = await readFile(join(root, PAGE), 'utf8').catch(cause => {
    throw new LabError('missing-program', `${join(root, PAGE)} is missing, and it says how a machine is set up`, {
      cause,
    })
  })
  const blocks = [...text.matchAll(FENCE)].map(({ 1: code = '', index }) => ({
    line: text.slice(0, index).split('\n').length + 1,
    code,
  }))
  const isOfDatabase = ({ code }: PageBlock) => /\bcreatedb\b/.test(code)
  const isOfService = ({ code }: PageBlock) => /\bkeys create\b/.test(code)
  const isOfProxy = ({ code }: PageBlock) => /\bnginx\b/.test(code)
  const isOfScanner = ({ code }: PageBlock) => /\bclamd\b/.test(code)
  const isOther = (block: PageBlock) =>
    [isOfDatabase, isOfService, isOfProxy, isOfScanner, isOfBackups].some(belongs => belongs(block))
  const found = {
    database: blocks.filter(isOfDatabase),
    service: blocks.filter(isOfService),
    proxy: blocks.filter(isOfProxy),
    scanner: blocks.filter(isOfScanner),
    machine: blocks.filter(block => !isOther(block)),
  }
  for (const [part, { length }] of Object.entries(found)) {
    if (length === 0) throw new LabError('part-failed', `${PAGE} has no static block for the ${part}`)
  }
  return found
}

/** The block of the backups' timer, which the lab leaves out: it has none. */
function isOfBackups({ code }: PageBlock): boolean {
  return /\bupload-bridge-backup\b/.test(code)
}

/** The version of the release that the page installs. */
export function readPageVersion({ machine }: PageBlocks): string {
  const [, version] = /cp --recursive (\S+) \S*releases/.exec(machine.map(({ code }) => code).join('\n')) ?? []
  if (version !== undefined) return version
  throw new LabError('part-failed', `${PAGE} does not copy a release into the folder of releases`)
}
