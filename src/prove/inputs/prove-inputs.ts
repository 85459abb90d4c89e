import type { Handbook } from '../../environments/index.ts'
import { findUsed, type Ports } from '../../operate/index.ts'
import type { Procedure, Step } from '../../procedure/index.ts'
import { openPlaces } from './places.ts'
import { prepareBlocks } from './prepare-blocks.ts'
import { openStandIn } from './stand-in.ts'
import { sumUp, type TriedPage } from './sum-up.ts'
import { TAKINGS, type Taking } from './takings.ts'
import { tryAll } from './try-all.ts'
import { tryPage } from './try-page.ts'

/** A step that said something although nothing was there to say it by. */
export interface FalseWord {
  readonly file: string
  readonly line: number
  readonly step: string
  readonly title: string
  readonly taking: string
  readonly message: string
}

/** What was tried and found. */
export interface ProvenInputs {
  readonly pages: number
  /** Steps that were tried, in every way. */
  readonly steps: number
  /** Steps that were not tried, because they change something and cannot be contained here. */
  readonly notTried: number
  /** Why they cannot; nothing where they can. */
  readonly uncontained?: string
  /** Steps that could not be judged, as `page#step`: in no way did they come to ask what their text asks, or they read what was not there. */
  readonly notJudged: readonly string[]
  /** Steps that judge by an exit code or a status alone, as `page#step`: they pass whatever is printed. */
  readonly byCode: readonly string[]
  readonly ways: readonly {
    readonly id: string
    readonly says: string
    readonly tried: number
    readonly false: number
  }[]
  /** Tries that were ended because they took too long, as `page#step way`: of them nothing is known. */
  readonly timedOut: readonly string[]
  readonly found: readonly FalseWord[]
  /** Those that their pages say are right, with the reason. */
  readonly waived: readonly (FalseWord & { readonly reason: string })[]
}

/**
 * Runs every step of these pages with all that it asks taken away, in each way that there is. None may then rule out a cause, pass as a check, or
 * say that it changed or verified something. Steps can write nowhere, and reach nothing real; where that cannot be had, only those run that read.
 */
export async function proveInputs(
  { root, file }: Pick<Handbook, 'root' | 'file'>,
  pages: readonly Procedure[],
  ports: Ports,
  tried: (page: Procedure, taking: Taking) => void,
): Promise<ProvenInputs> {
  const places = await openPlaces({ ...ports, cwd: root })
  const { uncontained } = places
  const results: TriedPage[] = []
  // What takes longest comes first.
  const waiting = pages
    .map(page => ({ page, steps: listTried(page, uncontained), commands: findUsed(page, []).commands }))
    .flatMap(one => TAKINGS.map(taking => ({ ...one, taking })))
    .toSorted((a, b) => b.steps.length - a.steps.length)
  try {
    await tryAll(waiting, places.all, ports.signal, async ({ page, taking, steps, commands }, place) => {
      const standIn = openStandIn(taking, file, commands, place)
      const executor = prepareBlocks(place.executor, standIn.folder)
      const world = { id: taking.id, ports, root, runs: place.runs, executor }
      results.push({ page, taking, steps: await tryPage(page, steps, standIn, world) })
      tried(page, taking)
    })
  } finally {
    await places.close()
  }
  const steps = pages.flatMap(page => listTried(page, uncontained)).length
  return {
    pages: pages.length,
    steps,
    notTried: pages.flatMap(({ phases }) => phases.flatMap(({ steps }) => steps)).length - steps,
    ...(uncontained === undefined ? {} : { uncontained }),
    ...sumUp(results, file),
  }
}

function listTried({ phases }: Procedure, uncontained: string | undefined): readonly Step[] {
  return phases.flatMap(({ steps }) => steps).filter(({ risk }) => uncontained === undefined || risk === 'read')
}
