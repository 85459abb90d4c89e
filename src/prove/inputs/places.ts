import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { confine, makeScratch, type Ports, startSharedExecutor } from '../../operate/index.ts'
import { linkReal } from './real-programs.ts'
import { type StandInServer, startServer } from './stand-in-server.ts'
import { TAKINGS, type Taking } from './takings.ts'
import { AT_ONCE } from './try-all.ts'
import type { TryWorld } from './try-page.ts'

/** Where one try after the other takes place. */
export interface Place extends Pick<TryWorld, 'runs' | 'executor'> {
  /** What blocks may write into; where they are contained, nothing else. */
  readonly folder: string
  /** The folder of the real programs. */
  readonly programs: string
  readonly servers: ReadonlyMap<Taking, StandInServer>
}

/** All places, until they are closed. */
export interface Places {
  readonly all: readonly Place[]
  /** Why blocks are not contained there; nothing when they are. */
  readonly uncontained?: string
  close(): Promise<void>
}

/**
 * Opens places whose blocks can write nowhere else, and reach nothing of the network but a server for each way. Where that cannot be had, it is
 * said why.
 */
export async function openPlaces(ports: Ports): Promise<Places> {
  const servers = await Promise.all(Array.from({ length: AT_ONCE }, startServers))
  const listAll = () => servers.flatMap(own => [...own.values()])
  const confined = await confine({ run: 'inputs', texts: listAll().map(({ url }) => url) }, ports).catch(describe)
  const words = 'why' in confined ? undefined : confined.words
  // In memory: nobody reads them again.
  const runs = makeScratch('inputs', ports.cwd, ports.by)
  const all = servers.map(own => openPlace(own, runs, ports, words))
  return {
    all,
    ...('why' in confined ? { uncontained: confined.why } : {}),
    async close() {
      await Promise.all(all.map(({ executor }) => executor.close()))
      await Promise.all(listAll().map(server => server.close()))
      if ('close' in confined) await confined.close()
      for (const folder of [runs, ...all.map(({ folder }) => folder)]) rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startServers(): Promise<ReadonlyMap<Taking, StandInServer>> {
  return new Map(await Promise.all(TAKINGS.map(async taking => [taking, await startServer(taking)] as const)))
}

function openPlace(
  servers: Place['servers'],
  runs: string,
  ports: Ports,
  words: ((writable: string) => readonly string[]) | undefined,
): Place {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-inputs-'))
  const programs = join(folder, 'programs')
  mkdirSync(programs)
  linkReal(programs, ports.env.PATH)
  const env = { ...ports.env, TMPDIR: folder }
  return { folder, programs, runs, executor: startSharedExecutor({ ...ports, env }, words?.(folder)), servers }
}

function describe(error: unknown): { readonly why: string } {
  return { why: error instanceof Error ? error.message : String(error) }
}
