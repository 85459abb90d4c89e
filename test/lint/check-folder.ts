import type { Problem, WaivedProblem } from '../../src/base/index.ts'
import type { Handbook } from '../../src/environments/index.ts'
import { listScripts, readHandbook, readProofs, readRuleFiles } from '../../src/handbook/index.ts'
import type { LabContent } from '../../src/journal/index.ts'
import { bundleEntries } from '../../src/lab/content/bundle-entries.ts'
import { faultEntry, listFaults } from '../../src/lab/content/fault-files.ts'
import { addHints, lintHandbook, readTextFrom } from '../../src/lint/index.ts'

/** What to look at beside the pages that are called `example`. */
export interface CheckFolderOptions {
  /** Every page, the rule files and the proofs' files. */
  readonly whole?: boolean
  /** What drills have proven. */
  readonly proofs?: boolean
  /** Whether the sources that proofs stand on can be read. */
  readonly sources?: boolean
  /** Whether every script is shown. */
  readonly scripts?: boolean
  /** What an owner fills in, as with a rota of today. */
  readonly strict?: boolean
  /** What ShellCheck says. */
  readonly shellcheck?: boolean
}

/** What counts in a handbook on disk, on a day in November 2026. */
export async function checkFolder(root: string, options: CheckFolderOptions = {}): Promise<readonly Problem[]> {
  return (await checkWhole(root, options)).problems
}

/** Checks a handbook on disk, on a day in November 2026: what counts, and what is waived. */
export async function checkWhole(
  root: string,
  options: CheckFolderOptions = {},
): Promise<{ readonly problems: readonly Problem[]; readonly waived: readonly WaivedProblem[] }> {
  const result = await readHandbook(root)
  if ('problems' in result) return { problems: addHints(result.problems), waived: [] }
  const { handbook } = result
  const { proofs, problems: wrong } = await readProofs(handbook)
  const { problems, waived } = await lintHandbook({
    handbook,
    readText: readTextFrom(root),
    rules: await readRuleFiles(handbook),
    faults: ['storage-filling', 'downstream-down'],
    readiness: {
      areas: [
        {
          id: 'log',
          title: 'Logging',
          items: [
            { id: 'log-1', title: 'Structured logs', need: 'required' },
            { id: 'log-2', title: 'Central shipping', need: 'optional' },
          ],
        },
      ],
      mutations: ['plain-logs', 'storage-filling'],
    },
    today: '2026-11-22',
    ...(options.proofs ? { proofs } : {}),
    ...(options.sources ? { readLab: () => readSources(root) } : {}),
    ...(options.scripts ? { scripts: await listScripts(handbook) } : {}),
    shellcheck: options.shellcheck ?? false,
    ...(options.strict ? { filledIn: { rotaOld: false, nobody: [], outside: 1 } } : {}),
    ...(options.whole ? {} : { only: handbook.pages.filter(page => page.includes('example')) }),
  })
  return { problems: options.whole ? [...wrong, ...problems] : problems, waived }
}

/** What a lab in this folder would say: the sources of what it breaks are read, and nothing else is known. */
async function readSources(root: string): Promise<LabContent> {
  const { problems } = await bundleEntries(root, listFaults(root).map(faultEntry))
  return { faults: {}, workload: null, shipped: null, problems }
}

/** The handbook in a folder. Throws when its file cannot be read. */
export async function openHandbook(root: string): Promise<Handbook> {
  const result = await readHandbook(root)
  if ('handbook' in result) return result.handbook
  throw new Error(JSON.stringify(result.problems))
}
