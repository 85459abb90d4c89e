import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as z from 'zod/mini'

/** Seconds; nothing for what did not happen. */
const seconds = z.nullable(z.number())

const practiceSchema = z.object({
  /** When the lab was broken: ISO 8601, UTC. */
  date: z.string(),
  /** Who practised. */
  by: z.string(),
  fault: z.string(),
  /** The pages whose drills name the fault. */
  pages: z.array(z.string()),
  /** The alerts that these drills expect. */
  alerts: z.array(z.string()),
  /** Whether nobody was told which fault it was. */
  surprise: z.boolean(),
  outcome: z.enum(['healed', 'gave-up']),
  /** From the fault until the alert fired. */
  secondsToFire: seconds,
  /** From the alert, or from the fault as long as none had fired, until the first run of such a page began. */
  secondsToPage: seconds,
  /** From the same moment until neither the fault nor the alert was there any more. */
  secondsToHeal: seconds,
  /** Other runbooks that were begun. */
  wrongPages: z.array(z.string()),
  /** Mitigations that were begun and that no drill of the fault expects, each as `page#step`. */
  wrongMitigations: z.array(z.string()),
  /** How it felt to customers from their first attempt on; nothing where nobody used the deployment. */
  felt: z.nullable(z.object({ failedShare: z.number(), slowShare: z.number(), longestGapSeconds: z.number() })),
  /** What became of what was acknowledged; nothing where it was not counted. */
  workload: z.nullable(z.object({ name: z.string(), acknowledged: z.number(), lost: z.number() })),
  /** The runs that were begun meanwhile, oldest first. */
  runs: z.array(z.string()),
  /** How the lab was made. */
  profile: z.exactOptional(z.string()),
})

/** How somebody did who practised being paged. */
export type Practice = z.infer<typeof practiceSchema>

/** The practices that are kept, oldest first, and the lines that cannot be read as one, counted from 1. */
export interface KeptPractices {
  readonly practices: readonly Practice[]
  readonly unreadable: readonly number[]
}

/** Where a handbook keeps its practices: a line each. */
export function namePractices(root: string): string {
  return join(root, '.handbook', 'practices.ndjson')
}

/** Adds one to those that are kept. Rejects when it cannot be kept. */
export async function keepPractice(root: string, practice: Practice): Promise<void> {
  const file = namePractices(root)
  await mkdir(dirname(file), { recursive: true })
  await appendFile(file, `${JSON.stringify(practice)}\n`)
}

/** Those that are kept; none where nobody has practised. Rejects when the file is there and cannot be read. */
export async function readPractices(root: string): Promise<KeptPractices> {
  const text = await readFile(namePractices(root), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const lines = text.split('\n').map((line, index) => ({ number: index + 1, line }))
  const read = lines.filter(({ line }) => line !== '').map(({ number, line }) => ({ number, practice: readLine(line) }))
  return {
    practices: read.flatMap(({ practice }) => practice ?? []),
    unreadable: read.flatMap(({ number, practice }) => (practice ? [] : [number])),
  }
}

function readLine(line: string): Practice | undefined {
  try {
    return practiceSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
